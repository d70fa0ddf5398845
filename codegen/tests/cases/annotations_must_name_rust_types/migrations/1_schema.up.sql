CREATE TABLE notes (id bigint PRIMARY KEY, words tsvector NOT NULL);
