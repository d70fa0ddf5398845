CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');

CREATE TABLE authors (
    id bigint PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE notes (
    id bigint PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES authors,
    title text NOT NULL,
    score int,
    mood mood
);
