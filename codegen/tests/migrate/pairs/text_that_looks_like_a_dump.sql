-- pair: function with a blank line
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
-- becomes
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
CREATE FUNCTION first_words(t text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN

  -- Functions

  IF t IS NULL THEN
    RETURN NULL;
  END IF;

  RETURN left(t, 20);
END
$$;
CREATE PROCEDURE nothing() LANGUAGE plpgsql AS $$
BEGIN


END
$$;

-- pair: function with a blank line changes its body
CREATE FUNCTION f(t text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN

  RETURN left(t, 20);
END
$$;
CREATE VIEW v AS SELECT f('a') AS x;
-- becomes
CREATE FUNCTION f(t text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN

  -- RESET search_path

  RETURN left(t, 30);

END
$$;
CREATE VIEW v AS SELECT f('b') AS x;

-- pair: function with a blank line changes its result
CREATE FUNCTION f(t text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN

  RETURN left(t, 20);
END
$$;
-- becomes
CREATE FUNCTION f(t text) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN

  -- Types

  RETURN length(t);
END
$$;

-- pair: comments with blank lines
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
-- becomes
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
CREATE TABLE tags (id bigint PRIMARY KEY, name text);
COMMENT ON TABLE tags IS 'The subject of a note.

-- Tables

One word each.';
COMMENT ON COLUMN tags.name IS '

-- Views

';
CREATE TYPE mood AS ENUM ('calm

', '-- Types');
COMMENT ON TYPE mood IS 'a

RESET search_path';
CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'b

-- Schemas

c';

-- pair: defaults, checks and rows with blank lines
CREATE TABLE notes (id bigint PRIMARY KEY);
-- becomes
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL DEFAULT 'Dear reader,

-- Tables

yours', CHECK (body <> 'a

b'));
CREATE TABLE letters (id bigint PRIMARY KEY, body text NOT NULL DEFAULT 'Dear reader,

-- Tables

yours', CHECK (body <> 'a

b'));
CREATE TABLE kind_enum (name text PRIMARY KEY, description text NOT NULL);
INSERT INTO kind_enum VALUES ('a

-- Roles

b', 'c

d');
CREATE DOMAIN d AS text CHECK (VALUE <> 'x

-- Domains

y');
CREATE INDEX i ON letters (id) WHERE body <> 'p

q';

-- pair: a function that mentions the view that is replaced
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
CREATE VIEW recent AS SELECT id FROM notes;
CREATE VIEW newest AS SELECT id FROM recent;
-- becomes
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
CREATE VIEW recent AS SELECT id, body FROM notes;
CREATE VIEW newest AS SELECT id FROM recent;
CREATE FUNCTION rebuild() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE '
CREATE VIEW recent AS SELECT id FROM notes';
END
$$;
COMMENT ON VIEW recent IS '
CREATE VIEW recent AS';

-- pair: policies, triggers and rules with blank lines
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
-- becomes
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE POLICY p ON notes USING (body <> 'a

-- Policies

b');
CREATE TRIGGER g BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION t('a

-- Triggers

b');
CREATE RULE r AS ON DELETE TO notes WHERE old.body = 'a

b' DO INSTEAD NOTHING;

-- pair: default privileges and grants on objects of Postgres
CREATE ROLE reader_of_dumps;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader_of_dumps;
GRANT EXECUTE ON FUNCTION pg_sleep(double precision) TO reader_of_dumps WITH GRANT OPTION;
CREATE TABLE a (id int);
-- becomes
CREATE ROLE reader_of_dumps;
ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO reader_of_dumps;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION pg_ls_logdir() FROM pg_monitor;
CREATE TABLE a (id int);
