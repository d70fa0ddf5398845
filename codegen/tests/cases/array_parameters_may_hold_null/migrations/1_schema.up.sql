CREATE TYPE mood AS ENUM ('calm', 'wild');
CREATE TABLE people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE,
    nick text,
    code varchar(5),
    mood mood,
    tags text[]
);
