-- pair: ranges
CREATE TYPE r AS RANGE (SUBTYPE = int);
CREATE TABLE t (v r);
-- becomes
CREATE TYPE r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TABLE t (v r);

-- pair: ranges unused
CREATE TYPE r AS RANGE (SUBTYPE = int);
CREATE FUNCTION f(r) RETURNS int LANGUAGE sql RETURN 1;
-- becomes
CREATE TYPE r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE FUNCTION f(r) RETURNS int LANGUAGE sql RETURN 1;

-- pair: ranges add
CREATE TABLE t (a int);
-- becomes
CREATE TYPE r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TABLE t (a int, b r, c r[]);
COMMENT ON TYPE r IS 'x';

-- pair: shell
SELECT 1;
-- becomes
CREATE TYPE sh;
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql RETURN 1;

-- pair: composite
CREATE TYPE c AS (a int, b text);
CREATE TABLE t (v c, w c[]);
-- becomes
CREATE TYPE c AS (a int, b text, d int);
COMMENT ON TYPE c IS 'x';
COMMENT ON COLUMN c.a IS 'y';
CREATE TABLE t (v c, w c[]);

-- pair: composite type
CREATE TYPE c AS (a int, b text);
-- becomes
CREATE TYPE c AS (a bigint, b varchar(3) COLLATE "C");

-- pair: composite used type
CREATE TYPE c AS (a int, b text);
CREATE TABLE t (v c);
-- becomes
CREATE TYPE c AS (a bigint, b text);
CREATE TABLE t (v c);

-- pair: composite order
CREATE TYPE c AS (a int, b text);
-- becomes
CREATE TYPE c AS (b text, a int);

-- pair: composite function
CREATE TYPE c AS (a int, b text);
CREATE FUNCTION f() RETURNS SETOF c LANGUAGE sql AS 'SELECT 1, $$x$$::text';
CREATE VIEW v AS SELECT a FROM f();
-- becomes
CREATE TYPE c AS (a int);
CREATE FUNCTION f() RETURNS SETOF c LANGUAGE sql AS 'SELECT 1';
CREATE VIEW v AS SELECT a FROM f();

-- pair: composite enum dep drop
CREATE TYPE e AS ENUM ('a');
CREATE TYPE c AS (x e);
CREATE DOMAIN d AS c;
CREATE TABLE t (v c);
-- becomes
CREATE TABLE t (v text);

-- pair: composite in func and col
CREATE TYPE c AS (a int);
CREATE FUNCTION f(c) RETURNS int LANGUAGE sql RETURN ($1).a;
CREATE TABLE t (x c, y int GENERATED ALWAYS AS ((x).a) STORED);
-- becomes
CREATE TYPE c AS (a bigint);
CREATE FUNCTION f(c) RETURNS bigint LANGUAGE sql RETURN ($1).a;
CREATE TABLE t (x c, y bigint GENERATED ALWAYS AS ((x).a) STORED);

-- pair: table type column
CREATE TABLE a (x int);
CREATE TABLE b (r a);
-- becomes
CREATE TABLE a (x int, y int);
CREATE TABLE b (r a, s a[]);
