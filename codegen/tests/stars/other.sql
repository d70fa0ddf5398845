-- The same tables after other migrations came first, and more of them.
CREATE TYPE place AS (street text, number int);
CREATE TABLE notes (added_notes text, "a""b" int, "order" text, "Mixed" int, body text NOT NULL, id bigint PRIMARY KEY);
CREATE TABLE tags (name text, id bigint PRIMARY KEY, added_tags text, note_id bigint);
CREATE TABLE more (extra text, dropped int, id int PRIMARY KEY, added_more text);
ALTER TABLE more DROP COLUMN dropped;
CREATE TABLE people (name text, id bigint PRIMARY KEY, added_people int, home place);
CREATE TABLE people_of_today () INHERITS (people);
CREATE VIEW shown AS SELECT id, note_id, name FROM tags;
CREATE FUNCTION found(bigint) RETURNS TABLE (id bigint, label text) LANGUAGE sql AS 'SELECT $1, $1::text';
