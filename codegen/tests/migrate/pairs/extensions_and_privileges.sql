-- pair: default privileges
CREATE SCHEMA s;
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO PUBLIC;
-- becomes
CREATE SCHEMA s;
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT INSERT ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
CREATE TABLE s.t (a int);
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
CREATE TYPE s.e AS ENUM ('a');

-- pair: extensions
CREATE EXTENSION citext;
CREATE TABLE t (a citext PRIMARY KEY);
-- becomes
CREATE EXTENSION pg_trgm;
CREATE TABLE t (a text PRIMARY KEY);
CREATE INDEX i ON t USING gin (a gin_trgm_ops);

-- pair: extension schema
CREATE SCHEMA e;
CREATE EXTENSION hstore SCHEMA e;
CREATE TABLE t (a e.hstore);
-- becomes
CREATE SCHEMA e2;
CREATE EXTENSION hstore SCHEMA e2;
CREATE TABLE t (a e2.hstore);

-- pair: grants cols
CREATE TABLE t (a int, b int);
GRANT SELECT (a) ON t TO PUBLIC;
-- becomes
CREATE TABLE t (a int, b int);
GRANT SELECT (a, b), UPDATE (a) ON t TO PUBLIC;

-- pair: database settings
SELECT 1;
-- becomes
CREATE SCHEMA s;
COMMENT ON SCHEMA public IS 'p';
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA s TO PUBLIC;

-- pair: multi schema
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TYPE a.e AS ENUM ('x');
CREATE TABLE a.t (id int PRIMARY KEY, v a.e);
CREATE TABLE b.t (id int REFERENCES a.t);
CREATE VIEW b.v AS SELECT * FROM a.t;
-- becomes
CREATE SCHEMA a;
CREATE SCHEMA c;
CREATE TYPE a.e AS ENUM ('y', 'x');
CREATE TABLE a.t (id bigint PRIMARY KEY, v a.e DEFAULT 'y');
CREATE TABLE c.t (id bigint REFERENCES a.t);
CREATE VIEW c.v AS SELECT * FROM a.t;

-- pair: drop all
CREATE SCHEMA s;
CREATE TYPE s.e AS ENUM ('a');
CREATE TABLE s.t (v s.e);
CREATE FUNCTION s.f(s.e) RETURNS s.t LANGUAGE sql AS 'SELECT * FROM s.t';
CREATE VIEW s.v AS SELECT s.f(v) FROM s.t;
CREATE SEQUENCE s.q;
CREATE MATERIALIZED VIEW s.m AS SELECT * FROM s.v;
CREATE AGGREGATE s.agg(int) (SFUNC = int4pl, STYPE = int);
CREATE OPERATOR s.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
-- becomes
SELECT 1;

-- pair: schema move
CREATE SCHEMA s;
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE u (t int REFERENCES t);
-- becomes
CREATE SCHEMA s;
CREATE TABLE s.t (id int PRIMARY KEY);
CREATE TABLE u (t int REFERENCES s.t);

-- pair: default privileges stay away from a recreated view
CREATE ROLE reader_by_default;
CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT a FROM t;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader_by_default;
-- becomes
CREATE ROLE reader_by_default;
CREATE TABLE t (a text);
CREATE VIEW v AS SELECT a FROM t;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader_by_default;

-- pair: comment of an extension is the user's, and another has none
CREATE EXTENSION pg_trgm;
CREATE EXTENSION hstore;
-- becomes
CREATE EXTENSION pg_trgm;
COMMENT ON EXTENSION pg_trgm IS 'a; b -- c';
CREATE EXTENSION hstore;
COMMENT ON EXTENSION hstore IS NULL;

-- pair: a materialized view of a view whose owner may not read its table
DO $$ BEGIN CREATE ROLE pair_owner; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE TABLE t (id integer);
-- becomes
DO $$ BEGIN CREATE ROLE pair_owner; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE TABLE t (id integer);
CREATE VIEW v AS SELECT count(*) AS n FROM t;
CREATE MATERIALIZED VIEW m AS SELECT n FROM v;
ALTER VIEW v OWNER TO pair_owner;
GRANT SELECT (rolname) ON pg_authid TO pair_owner;

-- pair: a privilege on a table is revoked and one on its column stays
DO $$ BEGIN CREATE ROLE pair_owner; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE TABLE t (a integer, b integer);
GRANT ALL ON t TO pair_owner;
GRANT UPDATE (b) ON t TO pair_owner;
-- becomes
DO $$ BEGIN CREATE ROLE pair_owner; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE TABLE t (a integer, b integer);
GRANT UPDATE (b) ON t TO pair_owner;
