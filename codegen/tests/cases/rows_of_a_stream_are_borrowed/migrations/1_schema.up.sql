CREATE TABLE notes (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    body text,
    picture bytea NOT NULL,
    tags text[] NOT NULL,
    password text NOT NULL
);
CREATE TABLE authors (
    id bigint PRIMARY KEY,
    name text NOT NULL
);
