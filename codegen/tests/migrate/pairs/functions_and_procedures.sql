-- pair: procedures
CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT 1';
-- becomes
CREATE PROCEDURE p(a int, INOUT b int) LANGUAGE plpgsql AS 'BEGIN b := a; END';
COMMENT ON PROCEDURE p(int, int) IS 'p';
CREATE PROCEDURE q() LANGUAGE sql BEGIN ATOMIC SELECT 1; END;

-- pair: procedure body
CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT 1';
-- becomes
CREATE PROCEDURE p(b int) LANGUAGE sql AS 'SELECT 2';

-- pair: func sig default
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE t (a int DEFAULT f(), g int);
CREATE VIEW v AS SELECT f() AS x;
CREATE POLICY p ON t USING (f() = 1);
-- becomes
CREATE FUNCTION f(x int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT x';
CREATE TABLE t (a int DEFAULT f(), g int);
CREATE VIEW v AS SELECT f() AS x;
CREATE POLICY p ON t USING (f() = 1);

-- pair: func return
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE TABLE t (a int DEFAULT f(1), g int GENERATED ALWAYS AS (f(a)) STORED, CHECK (f(a) > 0));
CREATE INDEX i ON t (f(a));
CREATE VIEW v AS SELECT f(a) AS x FROM t;
CREATE POLICY p ON t USING (f(a) = 1);
CREATE DOMAIN d AS int CHECK (f(VALUE) > 1);
CREATE TABLE u (x d);
-- becomes
CREATE FUNCTION f(a int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT a::bigint';
CREATE TABLE t (a int DEFAULT f(1), g int GENERATED ALWAYS AS (f(a)) STORED, CHECK (f(a) > 0));
CREATE INDEX i ON t (f(a));
CREATE VIEW v AS SELECT f(a) AS x FROM t;
CREATE POLICY p ON t USING (f(a) = 1);
CREATE DOMAIN d AS int CHECK (f(VALUE) > 1);
CREATE TABLE u (x d);

-- pair: func default param
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE VIEW v AS SELECT f(1) AS x;
-- becomes
CREATE FUNCTION f(a int DEFAULT 1) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE VIEW v AS SELECT f(1) AS x;

-- pair: func attrs
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
-- becomes
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SECURITY DEFINER COST 5 SET search_path = public AS 'SELECT a';

-- pair: func lang
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
CREATE VIEW v AS SELECT f(1);
-- becomes
CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN a; END';
CREATE VIEW v AS SELECT f(1);

-- pair: func trigger drop
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (a int);
CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
-- becomes
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (a int);
CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();

-- pair: func to proc
CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'SELECT 1';
-- becomes
CREATE PROCEDURE f() LANGUAGE sql AS 'SELECT 1';

-- pair: func table arg
CREATE TABLE t (a int);
CREATE FUNCTION f(t) RETURNS int LANGUAGE sql RETURN $1.a;
CREATE FUNCTION g() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';
-- becomes
CREATE TABLE t (a int, b int);
CREATE FUNCTION f(t) RETURNS int LANGUAGE sql RETURN $1.b;
CREATE FUNCTION g() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';

-- pair: func overload
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
-- becomes
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 2';

-- pair: func and tables
SELECT 1;
-- becomes
CREATE FUNCTION next_id() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM t); END';
CREATE TABLE t (id bigint DEFAULT next_id());
CREATE FUNCTION all_t() RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC SELECT * FROM t; END;
CREATE VIEW v AS SELECT * FROM all_t();
CREATE TABLE u (x t, c int CHECK (c > 1));

-- pair: func new uses new column
CREATE TABLE t (a int);
-- becomes
CREATE TABLE t (a int, b int DEFAULT 1);
CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT b FROM t; END;
CREATE VIEW v AS SELECT b, f() FROM t;

-- pair: func replace uses new column
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a FROM t; END;
CREATE VIEW v AS SELECT f();
-- becomes
CREATE TABLE t (a int, b int);
CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT b FROM t; END;
CREATE VIEW v AS SELECT f();

-- pair: func replace uses dropped column
CREATE TABLE t (a int, b int);
CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT b FROM t; END;
CREATE TABLE u (x int DEFAULT f());
-- becomes
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a FROM t; END;
CREATE TABLE u (x int DEFAULT f());

-- pair: default new function table
CREATE TABLE t (a int);
-- becomes
CREATE TABLE n (x int);
CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT max(x) FROM n; END;
CREATE TABLE t (a int DEFAULT f(), b int DEFAULT f() NOT NULL);

-- pair: tablefunc dep
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS TABLE (a int) LANGUAGE sql AS 'SELECT a FROM t';
-- becomes
CREATE TABLE t (a int, b int);
CREATE FUNCTION f() RETURNS TABLE (a int, b int) LANGUAGE sql AS 'SELECT a, b FROM t';

-- pair: func dep chain
CREATE FUNCTION a() RETURNS int LANGUAGE sql IMMUTABLE RETURN 1;
CREATE FUNCTION b() RETURNS int LANGUAGE sql IMMUTABLE RETURN a() + 1;
CREATE FUNCTION c() RETURNS int LANGUAGE sql IMMUTABLE RETURN b() + 1;
CREATE TABLE t (x int DEFAULT c(), y int GENERATED ALWAYS AS (c()) STORED);
-- becomes
CREATE FUNCTION a() RETURNS bigint LANGUAGE sql IMMUTABLE RETURN 1::bigint;
CREATE FUNCTION b() RETURNS bigint LANGUAGE sql IMMUTABLE RETURN a() + 1;
CREATE FUNCTION c() RETURNS bigint LANGUAGE sql IMMUTABLE RETURN b() + 1;
CREATE TABLE t (x bigint DEFAULT c(), y bigint GENERATED ALWAYS AS (c()) STORED);

-- pair: trigger func sig
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
-- becomes
CREATE SCHEMA s;
CREATE TABLE t (a int);
CREATE FUNCTION s.f() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION s.f();

-- pair: check func new
CREATE TABLE t (a int);
-- becomes
CREATE FUNCTION ok(int) RETURNS bool LANGUAGE sql IMMUTABLE RETURN $1 > 0;
CREATE TABLE t (a int CHECK (ok(a)), b int CHECK (ok(b)) DEFAULT 1 NOT NULL);
CREATE INDEX i ON t (a) WHERE ok(a);

-- pair: func default arg type
CREATE TYPE e AS ENUM ('a');
CREATE FUNCTION f(x e DEFAULT 'a') RETURNS int LANGUAGE sql RETURN 1;
-- becomes
CREATE TYPE e AS ENUM ('b');
CREATE FUNCTION f(x e DEFAULT 'b') RETURNS int LANGUAGE sql RETURN 1;

-- pair: param rename
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql RETURN a;
CREATE TABLE t (x int DEFAULT f(1));
CREATE VIEW v AS SELECT f(x) FROM t;
GRANT EXECUTE ON FUNCTION f(int) TO PUBLIC;
COMMENT ON FUNCTION f(int) IS 'x';
-- becomes
CREATE FUNCTION f(b int) RETURNS int LANGUAGE sql RETURN b;
CREATE TABLE t (x int DEFAULT f(1));
CREATE VIEW v AS SELECT f(x) FROM t;
GRANT EXECUTE ON FUNCTION f(int) TO PUBLIC;
COMMENT ON FUNCTION f(int) IS 'x';

-- pair: out params
CREATE FUNCTION f(a int, OUT b int) LANGUAGE sql AS 'SELECT a';
-- becomes
CREATE FUNCTION f(a int, OUT b int, OUT c text) LANGUAGE sql AS 'SELECT a, $$x$$';

-- pair: functions that call themselves and each other
CREATE FUNCTION f(n integer) RETURNS integer LANGUAGE sql RETURN n;
CREATE FUNCTION g(n integer) RETURNS integer LANGUAGE sql RETURN f(n);
-- becomes
CREATE FUNCTION f(n integer) RETURNS integer LANGUAGE sql RETURN n;
CREATE FUNCTION g(n integer) RETURNS integer LANGUAGE sql RETURN f(n);
CREATE OR REPLACE FUNCTION f(n integer) RETURNS integer LANGUAGE sql RETURN CASE WHEN n > 0 THEN g(n - 1) ELSE 7 END;
CREATE FUNCTION h(n integer) RETURNS integer LANGUAGE sql RETURN n;
CREATE OR REPLACE FUNCTION h(n integer) RETURNS integer LANGUAGE sql RETURN CASE WHEN n > 0 THEN h(n - 1) ELSE 7 END;
CREATE VIEW v AS SELECT h(2) AS a;
CREATE OR REPLACE VIEW v AS SELECT a FROM v;

-- pair: functions that call each other are dropped
CREATE SCHEMA s;
CREATE FUNCTION f(n integer) RETURNS integer LANGUAGE sql RETURN n;
CREATE FUNCTION s.g(n integer) RETURNS integer LANGUAGE sql RETURN f(n);
CREATE OR REPLACE FUNCTION f(n integer) RETURNS integer LANGUAGE sql RETURN CASE WHEN n > 0 THEN s.g(n - 1) ELSE 7 END;
CREATE FUNCTION h() RETURNS integer LANGUAGE sql RETURN f(3);
-- becomes
CREATE SCHEMA s;

-- pair: arguments without a name beside others with one
CREATE TABLE t (a int);
-- becomes
CREATE TABLE t (a int);
CREATE FUNCTION f(integer, OUT a text) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT $1::text; END;
CREATE FUNCTION h(b int, int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT t.a + $2 + h.b FROM t; END;
CREATE FUNCTION r(int, b int default 4) RETURNS int LANGUAGE sql RETURN $1 + b;

-- pair: a function that names an exclusion constraint
CREATE TABLE u (a int);
-- becomes
CREATE TABLE u (a int);
CREATE FUNCTION g(i int) RETURNS int IMMUTABLE LANGUAGE sql BEGIN ATOMIC SELECT count(*)::int + i FROM u; END;
CREATE TABLE t (a int, CONSTRAINT ex EXCLUDE (g(a) WITH =));
CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (1) ON CONFLICT ON CONSTRAINT ex DO NOTHING; END;

-- pair: a function that names an exclusion constraint that changes
CREATE TABLE t (a int4range, b int, CONSTRAINT ex EXCLUDE USING gist (a WITH &&));
CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES ('[1,2)') ON CONFLICT ON CONSTRAINT ex DO NOTHING; END;
-- becomes
CREATE TABLE t (a int4range, b int, CONSTRAINT ex EXCLUDE USING gist (a WITH =));
CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES ('[1,2)') ON CONFLICT ON CONSTRAINT ex DO NOTHING; END;
