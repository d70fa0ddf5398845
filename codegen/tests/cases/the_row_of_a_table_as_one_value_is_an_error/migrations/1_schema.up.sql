CREATE TABLE people (id bigint PRIMARY KEY, "full name" text NOT NULL);
CREATE VIEW shown AS SELECT id FROM people;
CREATE TYPE place AS (street text, number integer);
