-- pair: operators add
CREATE TABLE t (a int);
-- becomes
CREATE TABLE t (a int);
CREATE FUNCTION eq(int, text) RETURNS bool LANGUAGE sql IMMUTABLE RETURN $1::text = $2;
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = text, FUNCTION = eq);
COMMENT ON OPERATOR ===(int, text) IS 'eq';
CREATE VIEW v AS SELECT a === 'x' AS b FROM t;

-- pair: operator change
CREATE FUNCTION eq(int, text) RETURNS bool LANGUAGE sql IMMUTABLE RETURN $1::text = $2;
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = text, FUNCTION = eq);
CREATE TABLE t (a int, CHECK (a === 'x'));
CREATE VIEW v AS SELECT a === 'x' AS b FROM t;
-- becomes
CREATE FUNCTION eq2(int, text) RETURNS bool LANGUAGE sql IMMUTABLE RETURN $1::text <> $2;
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = text, FUNCTION = eq2, RESTRICT = eqsel);
CREATE TABLE t (a int, CHECK (a === 'x'));
CREATE VIEW v AS SELECT a === 'x' AS b FROM t;

-- pair: opclass change
CREATE OPERATOR FAMILY fam USING btree;
CREATE OPERATOR CLASS c FOR TYPE int USING btree FAMILY fam AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int,int);
CREATE TABLE t (a int);
CREATE INDEX i ON t (a c);
-- becomes
CREATE OPERATOR FAMILY fam USING btree;
CREATE FUNCTION mycmp(int,int) RETURNS int LANGUAGE sql IMMUTABLE RETURN CASE WHEN $1 < $2 THEN -1 WHEN $1 > $2 THEN 1 ELSE 0 END;
CREATE OPERATOR CLASS c FOR TYPE int USING btree FAMILY fam AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 mycmp(int,int);
CREATE TABLE t (a int);
CREATE INDEX i ON t (a c);
COMMENT ON OPERATOR CLASS c USING btree IS 'k';
COMMENT ON OPERATOR FAMILY fam USING btree IS 'k';

-- pair: opclass add
CREATE TABLE t (a int);
-- becomes
CREATE OPERATOR FAMILY fam USING btree;
CREATE OPERATOR CLASS c FOR TYPE int USING btree FAMILY fam AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int,int);
CREATE TABLE t (a int);
CREATE INDEX i ON t (a c);

-- pair: casts
CREATE TYPE a AS (x int);
CREATE FUNCTION ai(a) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1.x;
CREATE CAST (a AS int) WITH FUNCTION ai(a);
-- becomes
CREATE TYPE a AS (x int);
CREATE FUNCTION ai(a) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1.x;
CREATE CAST (a AS int) WITH FUNCTION ai(a) AS ASSIGNMENT;
COMMENT ON CAST (a AS int) IS 'hm';
CREATE TABLE t (v a, n int GENERATED ALWAYS AS (CAST(v AS int)) STORED);

-- pair: transform
SELECT 1;
-- becomes
CREATE TYPE c AS (a int);
CREATE FUNCTION tf(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'numeric_support';
CREATE TRANSFORM FOR c LANGUAGE plpgsql (FROM SQL WITH FUNCTION tf(internal));
COMMENT ON TRANSFORM FOR c LANGUAGE plpgsql IS 'x';

-- pair: aggregates
CREATE FUNCTION acc(int, int) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1 + $2;
CREATE AGGREGATE total(int) (SFUNC = acc, STYPE = int);
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT total(a) FROM t;
-- becomes
CREATE FUNCTION acc(int, int) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1 + $2 + 1;
CREATE AGGREGATE total(int) (SFUNC = acc, STYPE = int, INITCOND = '0');
CREATE AGGREGATE tot(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
COMMENT ON AGGREGATE tot(*) IS 'x';
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT total(a) FROM t;

-- pair: aggregate func type
CREATE FUNCTION acc(int, int) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1 + $2;
CREATE AGGREGATE total(int) (SFUNC = acc, STYPE = int);
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT total(a) FROM t;
-- becomes
CREATE FUNCTION acc(bigint, int) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN $1 + $2;
CREATE AGGREGATE total(int) (SFUNC = acc, STYPE = bigint);
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT total(a) FROM t;

-- pair: transform under a function
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal));
CREATE FUNCTION f(integer) RETURNS integer TRANSFORM FOR TYPE integer LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TABLE t (a integer, CHECK (f(a) > 0));
-- becomes
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));
CREATE FUNCTION f(integer) RETURNS integer TRANSFORM FOR TYPE integer LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TABLE t (a integer, CHECK (f(a) > 0));

-- pair: function that uses no transform goes and comes while there is one
CREATE FUNCTION plus(a integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT $1 + 1';
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal));
CREATE FUNCTION later() RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- becomes
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal));
