CREATE COLLATION ignoring_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

CREATE TABLE authors (
    id bigint PRIMARY KEY,
    email text UNIQUE
);

CREATE TABLE notes (
    id bigint PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES authors,
    title text NOT NULL,
    slug text NOT NULL UNIQUE,
    a int,
    b int,
    c int,
    d int
);
