CREATE TABLE people (id bigint PRIMARY KEY, email text NOT NULL, team text, deleted boolean NOT NULL DEFAULT false);
CREATE UNIQUE INDEX people_email ON people (lower(email)) WHERE NOT deleted;
CREATE TABLE notes (id bigint PRIMARY KEY, author_id bigint REFERENCES people, body text NOT NULL);
CREATE VIEW totals AS SELECT team, count(*) AS people FROM people GROUP BY team;
CREATE DOMAIN slug AS text NOT NULL CHECK (VALUE ~ '^[a-z-]+$');
CREATE TABLE pages (
    slug slug PRIMARY KEY,
    number int GENERATED ALWAYS AS IDENTITY,
    size int GENERATED ALWAYS AS (length(slug)) STORED
);
CREATE FUNCTION checked(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF $1 <> 'good' THEN
        RAISE 'not good: %', $1;
    END IF;
    RETURN $1;
END
$$;
CREATE FUNCTION current_team() RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF coalesce(current_setting('app.team', true), '') <> 'red' THEN
        RAISE 'no team';
    END IF;
    RETURN 'red';
END
$$;
CREATE ROLE customer;
GRANT SELECT, INSERT, UPDATE ON people, notes TO customer;
