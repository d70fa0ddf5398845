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
