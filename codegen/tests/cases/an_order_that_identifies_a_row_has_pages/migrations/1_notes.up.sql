CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');

CREATE TABLE authors (
    id bigint PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE notes (
    id bigint PRIMARY KEY,
    author_id bigint REFERENCES authors,
    title text NOT NULL,
    score int,
    mood mood NOT NULL,
    code char(3) NOT NULL
);
