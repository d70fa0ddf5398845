-- pair: text to enum
CREATE TABLE t (a text DEFAULT 'x' CHECK (a <> ''), b text[]);
CREATE INDEX i ON t (a) WHERE a = 'x';
CREATE VIEW v AS SELECT a FROM t;
-- becomes
CREATE TYPE e AS ENUM ('x', 'y');
CREATE TABLE t (a e DEFAULT 'x', b e[]);
CREATE INDEX i ON t (a) WHERE a = 'x';
CREATE VIEW v AS SELECT a FROM t;

-- pair: enum middle
CREATE TYPE e AS ENUM ('a', 'c');
CREATE TABLE t (v e DEFAULT 'a');
CREATE INDEX i ON t (v) WHERE v = 'a';
CREATE VIEW w AS SELECT v FROM t;
CREATE FUNCTION f(e) RETURNS e LANGUAGE sql RETURN $1;
-- becomes
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE t (v e DEFAULT 'b' CHECK (v <> 'b'));
CREATE INDEX i ON t (v) WHERE v = 'a';
CREATE VIEW w AS SELECT v FROM t;
CREATE FUNCTION f(e) RETURNS e LANGUAGE sql RETURN $1;

-- pair: enum removed
CREATE TYPE e AS ENUM ('a', 'b', 'c');
COMMENT ON TYPE e IS 'k';
GRANT USAGE ON TYPE e TO PUBLIC;
CREATE TABLE t (v e DEFAULT 'a', w e[] DEFAULT '{a}', g bool GENERATED ALWAYS AS (v = 'a') STORED, CHECK (v <> 'a'));
CREATE INDEX i ON t (v) WHERE v = 'a';
CREATE VIEW w AS SELECT v FROM t;
CREATE FUNCTION f(e) RETURNS e LANGUAGE sql RETURN $1;
CREATE POLICY p ON t USING (v = 'a');
CREATE MATERIALIZED VIEW m AS SELECT v FROM w;
CREATE FUNCTION ff(x e DEFAULT 'a') RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
-- becomes
CREATE TYPE e AS ENUM ('c', 'a');
COMMENT ON TYPE e IS 'k';
GRANT USAGE ON TYPE e TO PUBLIC;
CREATE TABLE t (v e DEFAULT 'a', w e[] DEFAULT '{a}', g bool GENERATED ALWAYS AS (v = 'a') STORED, CHECK (v <> 'a'));
CREATE INDEX i ON t (v) WHERE v = 'a';
CREATE VIEW w AS SELECT v FROM t;
CREATE FUNCTION f(e) RETURNS e LANGUAGE sql RETURN $1;
CREATE POLICY p ON t USING (v = 'a');
CREATE MATERIALIZED VIEW m AS SELECT v FROM w;
CREATE FUNCTION ff(x e DEFAULT 'a') RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';

-- pair: enum in domain composite
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE DOMAIN d AS e;
CREATE TYPE co AS (x e);
CREATE TABLE t (v d, w co);
-- becomes
CREATE TYPE e AS ENUM ('a', 'c');
CREATE DOMAIN d AS e;
CREATE TYPE co AS (x e);
CREATE TABLE t (v d, w co);

-- pair: enum new value used
CREATE TYPE e AS ENUM ('a');
CREATE TABLE t (v e);
-- becomes
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (v e DEFAULT 'b');
CREATE VIEW w AS SELECT * FROM t WHERE v = 'b';
CREATE INDEX i ON t (v) WHERE v = 'b';

-- pair: enum in other schema
CREATE SCHEMA s;
CREATE TYPE s.e AS ENUM ('a', 'b');
CREATE TABLE s.t (v s.e DEFAULT 'a');
-- becomes
CREATE SCHEMA s;
CREATE TYPE s.e AS ENUM ('b');
CREATE TABLE s.t (v s.e DEFAULT 'b', PRIMARY KEY (v));

-- pair: enum key fk
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE p (v e PRIMARY KEY);
CREATE TABLE c (v e REFERENCES p);
-- becomes
CREATE TYPE e AS ENUM ('b');
CREATE TABLE p (v e PRIMARY KEY);
CREATE TABLE c (v e REFERENCES p);

-- pair: enum replaced by other
CREATE TYPE a AS ENUM ('x');
CREATE TABLE t (v a DEFAULT 'x' NOT NULL);
-- becomes
CREATE TYPE b AS ENUM ('x');
CREATE TABLE t (v b DEFAULT 'x' NOT NULL);

-- pair: a column of a recreated enum becomes an array
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE t (k int, v e);
-- becomes
CREATE TYPE e AS ENUM ('a', 'c');
CREATE TABLE t (k int, v e[]);
