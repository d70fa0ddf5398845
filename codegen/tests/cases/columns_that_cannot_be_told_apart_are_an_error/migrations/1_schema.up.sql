CREATE TYPE place AS (street text, number int);
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
CREATE TABLE tags (id bigint PRIMARY KEY, note_id bigint NOT NULL, name text NOT NULL);
CREATE VIEW shown AS SELECT id, name FROM tags;
