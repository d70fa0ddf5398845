CREATE EXTENSION citext;
CREATE DOMAIN slug AS text CHECK (VALUE ~ '^[a-z-]+$');
CREATE DOMAIN codes AS varchar(3)[];
CREATE TABLE people (id bigint PRIMARY KEY, email citext NOT NULL UNIQUE, slugs slug[] NOT NULL DEFAULT '{}', codes codes);
