-- Small keys, so that joins match now and then; everything that may be NULL often is.
CREATE TYPE mood AS ENUM ('calm', 'wild');
CREATE DOMAIN shout AS text NOT NULL CHECK (VALUE = upper(VALUE));
CREATE TABLE a (
    id integer PRIMARY KEY,
    n integer,
    nn integer NOT NULL,
    t text,
    tt text NOT NULL,
    f boolean,
    ff boolean NOT NULL,
    at timestamptz,
    att timestamptz NOT NULL,
    j jsonb,
    jj jsonb NOT NULL,
    r integer[],
    rr integer[] NOT NULL,
    m mood,
    mm mood NOT NULL,
    d numeric,
    dd numeric NOT NULL
);
CREATE TABLE b (id integer PRIMARY KEY, a_id integer, v text, vv text NOT NULL);
CREATE TABLE c (id integer PRIMARY KEY, b_id integer REFERENCES b, w text NOT NULL);
CREATE TABLE k (id integer NOT NULL, w text NOT NULL, x text);
CREATE TABLE log (id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY, a_id integer, note text, who text NOT NULL DEFAULT 'me');

CREATE VIEW plain AS SELECT id, n, tt FROM a;
CREATE VIEW outer_view AS SELECT a.id, b.vv, count(*) OVER () AS total FROM a LEFT JOIN b ON b.a_id = a.id;
CREATE VIEW nested AS SELECT p.id, p.tt, o.vv, o.total FROM plain p JOIN outer_view o ON o.id = p.id;
CREATE VIEW filtered AS SELECT id, n FROM a WHERE n IS NOT NULL;
CREATE MATERIALIZED VIEW kept AS SELECT id, tt FROM a WITH DATA;

CREATE TABLE parted (id integer NOT NULL, w text NOT NULL, x text) PARTITION BY RANGE (id);
CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (-100) TO (3);
CREATE TABLE parted_high PARTITION OF parted FOR VALUES FROM (3) TO (100);
CREATE TABLE parent (id integer NOT NULL, w text);
CREATE TABLE child (extra text) INHERITS (parent);

CREATE FUNCTION maybe(integer) RETURNS integer LANGUAGE sql STRICT IMMUTABLE AS 'SELECT nullif($1, 2)';
CREATE FUNCTION lax(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT coalesce($1, 1)';

CREATE SCHEMA other;
CREATE FUNCTION other.one() RETURNS integer LANGUAGE sql AS 'SELECT 1 -- the first number';
CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql STRICT IMMUTABLE AS 'SELECT $1 * 2;';
CREATE FUNCTION picked(x integer, y integer DEFAULT 1) RETURNS integer LANGUAGE sql
    BEGIN ATOMIC SELECT 1; SELECT CASE WHEN x > 1 THEN y ELSE 7 END; END;
CREATE FUNCTION needs_both(x integer, y integer DEFAULT NULL, z integer DEFAULT abs(-1)) RETURNS integer LANGUAGE sql STRICT AS 'SELECT x + z';
CREATE FUNCTION has_both(x integer, y integer DEFAULT abs(-1), OUT p integer, OUT q integer) LANGUAGE sql STRICT AS 'SELECT x, y';
CREATE FUNCTION total_of(x integer) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM b WHERE b.a_id = x';
CREATE FUNCTION found(x integer) RETURNS text LANGUAGE sql STABLE AS 'SELECT vv FROM b WHERE b.id = x';
CREATE FUNCTION elsewhere(integer) RETURNS integer LANGUAGE sql SET search_path = other AS 'SELECT one() + coalesce($1, 0)';
CREATE FUNCTION is_one_of(integer[]) RETURNS boolean LANGUAGE sql AS 'SELECT 1 = ANY ($1)';
CREATE FUNCTION same(anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION down(x integer) RETURNS integer LANGUAGE sql AS 'SELECT x';
CREATE OR REPLACE FUNCTION down(x integer) RETURNS integer LANGUAGE sql AS 'SELECT CASE WHEN x > 0 THEN down(x - 1) END';
CREATE FUNCTION as_time(timestamptz) RETURNS time LANGUAGE sql AS 'SELECT $1::timestamp';
CREATE FUNCTION rows_over(x integer) RETURNS TABLE (p integer, q integer) LANGUAGE sql AS 'SELECT id, a_id FROM b WHERE id > x';
CREATE FUNCTION ids_over(integer) RETURNS SETOF integer LANGUAGE sql STRICT AS 'SELECT id + $1 FROM b';
CREATE FUNCTION both_of(integer, OUT p integer, OUT q integer) LANGUAGE sql AS 'SELECT coalesce($1, 0), $1';
CREATE FUNCTION all_of() RETURNS SETOF b LANGUAGE sql AS 'SELECT * FROM b';

CREATE TABLE noisy (id integer NOT NULL, x text);
CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.x := NULL; RETURN NEW; END';
CREATE TRIGGER forget BEFORE INSERT OR UPDATE ON noisy FOR EACH ROW EXECUTE FUNCTION forget();

CREATE TABLE job (id integer PRIMARY KEY, was text, next text, tries integer NOT NULL, list integer[],
                  merged text GENERATED ALWAYS AS (was || next) STORED);
CREATE VIEW jobs AS SELECT id, was, next FROM job;
CREATE VIEW fired AS SELECT id, was FROM job;
CREATE FUNCTION forget_was() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.was := NULL; RETURN NEW; END';
CREATE TRIGGER forget_was INSTEAD OF INSERT OR UPDATE ON fired FOR EACH ROW EXECUTE FUNCTION forget_was();
CREATE TABLE ruled (id integer NOT NULL, x text);
CREATE RULE forgotten AS ON DELETE TO ruled DO INSTEAD DELETE FROM job RETURNING job.id, job.was;
CREATE RULE forgot AS ON UPDATE TO ruled DO INSTEAD UPDATE job SET was = NULL RETURNING job.id, job.was;
CREATE TABLE gen (id integer NOT NULL, x text, y text GENERATED ALWAYS AS (nullif(x, 'a')) STORED);
CREATE FUNCTION set_was(integer, text) RETURNS text LANGUAGE sql AS 'UPDATE job SET was = $2, next = was WHERE id = $1 RETURNING was';
CREATE TYPE pair AS (p integer, q text);
CREATE TABLE paired (id integer NOT NULL, it pair);

-- Views that statements write through: with conditions, over each other, with columns of their own, over triggers and rules.
CREATE VIEW waiting AS SELECT id, was, tries, was IS NULL AS is_first, upper(was) AS loud, ARRAY[was] AS states, ROW(id, was)::pair AS it
    FROM job WHERE was IS NOT NULL;
CREATE VIEW waiting_long AS SELECT id, was, tries, states FROM waiting WHERE tries > 0 WITH LOCAL CHECK OPTION;
CREATE VIEW named_twice AS SELECT id, x, x AS again FROM k WHERE x IS NOT NULL;
CREATE VIEW every_part AS SELECT id, w, x FROM parted;
CREATE VIEW parents AS SELECT id, w FROM parent;
CREATE VIEW only_parents AS SELECT id, w FROM ONLY parent;
CREATE VIEW noise AS SELECT id, x FROM noisy WHERE x IS NOT NULL;
CREATE VIEW ruling AS SELECT id, x FROM ruled;
CREATE VIEW jotted AS SELECT id, tries FROM job;
CREATE RULE jot AS ON INSERT TO jotted DO INSTEAD INSERT INTO log (note) VALUES ('x') RETURNING NULL::integer, log.id;
CREATE VIEW joined AS SELECT b.id, c.w FROM b LEFT JOIN c ON c.b_id = b.id;
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';
CREATE TRIGGER keep INSTEAD OF DELETE ON joined FOR EACH ROW EXECUTE FUNCTION keep();
CREATE VIEW generated AS SELECT id, x, y FROM gen;

-- Operators of a user that give NULL for two values.
CREATE TYPE vague AS (p integer);
CREATE FUNCTION unsure(vague, vague) RETURNS boolean LANGUAGE sql STRICT IMMUTABLE AS 'SELECT NULL::boolean';
CREATE FUNCTION unsure_order(vague, vague) RETURNS integer LANGUAGE sql STRICT IMMUTABLE AS 'SELECT 0';
CREATE OPERATOR = (LEFTARG = vague, RIGHTARG = vague, FUNCTION = unsure);
CREATE OPERATOR < (LEFTARG = vague, RIGHTARG = vague, FUNCTION = unsure);
CREATE OPERATOR CLASS vague_ops DEFAULT FOR TYPE vague USING btree
    AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 unsure_order(vague, vague);
