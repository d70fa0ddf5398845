CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL, host inet, flags bit(3));
