CREATE TABLE notes (
    id bigint PRIMARY KEY,
    title text NOT NULL
);
CREATE ROLE reader;
CREATE ROLE writer;
GRANT SELECT ON notes TO reader, writer;
GRANT INSERT ON notes TO writer;
