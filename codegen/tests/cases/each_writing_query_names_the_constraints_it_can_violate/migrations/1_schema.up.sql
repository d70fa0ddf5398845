CREATE TABLE teams (
    id bigint PRIMARY KEY,
    name text NOT NULL UNIQUE,
    size integer NOT NULL DEFAULT 0 CHECK (size >= 0)
);
CREATE TABLE people (
    id bigint PRIMARY KEY,
    team_id bigint NOT NULL REFERENCES teams ON DELETE CASCADE ON UPDATE CASCADE,
    email text NOT NULL
);
CREATE UNIQUE INDEX people_email ON people (lower(email));
CREATE TABLE badges (
    id bigint PRIMARY KEY,
    person_id bigint REFERENCES people ON DELETE RESTRICT,
    CHECK (id <> person_id)
);
CREATE VIEW large_teams AS SELECT id, name, size FROM teams WHERE size > 9;
