CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE notes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author_id bigint REFERENCES people (id),
    title text NOT NULL,
    body text,
    words tsvector
);
CREATE FUNCTION twice(number integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * number';
CREATE FUNCTION twice(word text) RETURNS text LANGUAGE sql AS 'SELECT word || word';
CREATE ROLE customer;
