CREATE TABLE writers (
    id bigserial PRIMARY KEY,
    name text NOT NULL,
    bio text
);

CREATE TYPE binding AS ENUM ('HARD', 'SOFT');
CREATE TABLE volumes (
    volume_id serial PRIMARY KEY,
    writer_id bigint NOT NULL REFERENCES writers (id),
    isbn text NOT NULL DEFAULT '' UNIQUE,
    binding binding NOT NULL DEFAULT 'HARD',
    title text NOT NULL DEFAULT '',
    year integer NOT NULL DEFAULT 2000,
    available timestamptz NOT NULL DEFAULT now(),
    tags varchar[] NOT NULL DEFAULT '{}'
);
CREATE INDEX volumes_title_idx ON volumes (title, year);
CREATE FUNCTION greet(text) RETURNS text LANGUAGE sql AS $$ SELECT concat('hello ', $1) $$;

CREATE TABLE captains (id integer NOT NULL, name text NOT NULL);
ALTER TABLE captains ADD CONSTRAINT captain_pkey PRIMARY KEY (id);
CREATE TABLE planes (
    id integer NOT NULL,
    captain_id integer NOT NULL,
    age integer NOT NULL,
    colour text NOT NULL
);
ALTER TABLE planes ADD CONSTRAINT plane_pkey PRIMARY KEY (id);
ALTER TABLE planes ADD CONSTRAINT plane_captains_fkey FOREIGN KEY (captain_id) REFERENCES captains (id);

CREATE TYPE status AS ENUM ('op!en', 'clo@sed');
CREATE TABLE cities (slug text PRIMARY KEY, name text NOT NULL);
CREATE TABLE venues (
    id serial PRIMARY KEY,
    status status NOT NULL,
    statuses status[],
    slug text UNIQUE NOT NULL,
    name varchar(255) NOT NULL,
    city text NOT NULL REFERENCES cities (slug),
    playlist varchar NOT NULL,
    tags text[],
    created_at timestamp NOT NULL DEFAULT now()
);
COMMENT ON TABLE venues IS 'Venues are places where music happens';
COMMENT ON COLUMN venues.slug IS 'This value appears in public URLs';
