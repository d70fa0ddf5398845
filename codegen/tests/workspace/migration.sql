CREATE ROLE workspace_reader;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE TYPE mood AS ENUM ('fine', 'tired');
CREATE DOMAIN short AS text CHECK (length(VALUE) < 80);
CREATE TABLE owners (id bigint PRIMARY KEY, name text NOT NULL UNIQUE, alias citext);
CREATE TABLE notes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id bigint NOT NULL REFERENCES owners (id),
    title text NOT NULL,
    label short,
    mood mood,
    score int
);
CREATE FUNCTION become(who text) RETURNS void LANGUAGE sql AS $$ SELECT set_config('app.user_id', who, false); $$;
CREATE FUNCTION composed(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT ' || name; END $$;
GRANT SELECT, INSERT ON notes TO workspace_reader;
