CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE notes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES people (id),
    body text NOT NULL
);
CREATE VIEW newest AS SELECT author_id, max(id) AS id FROM notes GROUP BY author_id;
