CREATE TYPE mood AS ENUM ('sad', 'so-so', 'very happy', '+1', '');
CREATE TYPE place AS (street text, "Number" integer, felt mood);
CREATE TABLE people (
    id bigint PRIMARY KEY,
    mood mood NOT NULL,
    moods mood[] NOT NULL,
    place place,
    places place[] NOT NULL
);
