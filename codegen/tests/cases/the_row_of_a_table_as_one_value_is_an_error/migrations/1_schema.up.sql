CREATE TABLE people (id bigint PRIMARY KEY, "full name" text NOT NULL);
CREATE VIEW shown AS SELECT id FROM people;
CREATE TYPE place AS (street text, number integer);
CREATE FUNCTION the_same(anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT $1';
