CREATE EXTENSION hstore;
CREATE EXTENSION ltree;
CREATE EXTENSION citext;
CREATE EXTENSION cube;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN email AS text;
CREATE TABLE accounts (
    id bigint PRIMARY KEY,
    settings jsonb NOT NULL,
    extra jsonb,
    path tsvector,
    mood mood NOT NULL,
    email email NOT NULL,
    price bigint NOT NULL,
    labels hstore NOT NULL,
    tree ltree NOT NULL,
    name citext NOT NULL,
    place cube NOT NULL
);
