CREATE TABLE notes (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    body text
);
CREATE ROLE reader;
GRANT SELECT ON notes TO reader;
