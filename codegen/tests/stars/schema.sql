CREATE TYPE place AS (street text, number int);
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL, "Mixed" int, "order" text, "a""b" int);
CREATE TABLE tags (id bigint PRIMARY KEY, note_id bigint, name text);
CREATE TABLE more (id int PRIMARY KEY, extra text);
CREATE TABLE people (id bigint PRIMARY KEY, home place, name text);
CREATE TABLE people_of_today () INHERITS (people);
CREATE VIEW shown AS SELECT id, note_id, name FROM tags;
CREATE FUNCTION found(bigint) RETURNS TABLE (id bigint, label text) LANGUAGE sql AS 'SELECT $1, $1::text';
