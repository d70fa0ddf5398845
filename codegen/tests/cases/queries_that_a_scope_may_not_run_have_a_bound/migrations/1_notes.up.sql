CREATE DOMAIN label AS text NOT NULL;
CREATE TABLE notes (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    label label DEFAULT 'plain',
    secret text
);
CREATE VIEW titles AS SELECT n.title FROM notes n JOIN notes m ON m.id = n.id;
CREATE SCHEMA vault;
CREATE TABLE vault.keys (id bigint PRIMARY KEY);
CREATE FUNCTION expensive() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT 1::bigint; END;
REVOKE EXECUTE ON FUNCTION expensive() FROM PUBLIC;

CREATE ROLE reader;
CREATE ROLE "Writer";
GRANT SELECT (id, title) ON notes TO reader;
GRANT SELECT, INSERT, UPDATE ON notes TO "Writer";
GRANT SELECT ON titles TO reader;
GRANT SELECT ON vault.keys TO reader, "Writer";
GRANT USAGE ON SCHEMA vault TO "Writer";
