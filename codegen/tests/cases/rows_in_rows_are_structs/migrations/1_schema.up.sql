CREATE TYPE mood AS ENUM ('sunny', 'rainy');
CREATE DOMAIN label AS text CHECK (value <> '');
CREATE TABLE teams (
    id bigint PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE people (
    id bigint PRIMARY KEY,
    dropped text,
    team_id bigint NOT NULL REFERENCES teams,
    name label NOT NULL,
    mood mood,
    data jsonb,
    nicks text[] NOT NULL DEFAULT '{}'
);
ALTER TABLE people DROP COLUMN dropped;
CREATE TABLE tags (
    person_id bigint NOT NULL REFERENCES people,
    position integer NOT NULL,
    word text,
    PRIMARY KEY (person_id, position)
);
COMMENT ON TABLE teams IS 'People who work together.';
COMMENT ON COLUMN teams.name IS 'Its name.';
COMMENT ON COLUMN people.data IS 'The annotation goes before this.';
