-- pair: view over a function of rows
CREATE TABLE t (id bigint, a text);
CREATE FUNCTION all_t() RETURNS SETOF t LANGUAGE sql STABLE AS 'SELECT * FROM t';
CREATE VIEW v AS SELECT count(*) AS n FROM all_t();
-- becomes
CREATE TABLE t (id bigint, a text, b text);
CREATE FUNCTION all_t() RETURNS SETOF t LANGUAGE sql STABLE AS 'SELECT * FROM t';
CREATE VIEW v AS SELECT count(*) AS n FROM all_t();

-- pair: views over whole rows
CREATE TABLE t (id bigint, a text);
CREATE VIEW v AS SELECT t AS whole FROM t;
CREATE VIEW w AS SELECT (v.whole).id FROM v;
CREATE MATERIALIZED VIEW m AS SELECT row_to_json(t) AS j FROM t;
-- becomes
CREATE TABLE t (id bigint, a text, b text);
CREATE VIEW v AS SELECT t AS whole FROM t;
CREATE VIEW w AS SELECT (v.whole).id FROM v;
CREATE MATERIALIZED VIEW m AS SELECT row_to_json(t) AS j FROM t;

-- pair: column of another type under a view over whole rows
CREATE TABLE t (id integer, a text);
CREATE VIEW v AS SELECT t AS whole, id FROM t;
-- becomes
CREATE TABLE t (id bigint, a text);
CREATE VIEW v AS SELECT t AS whole, id FROM t;

-- pair: functions with rows as arguments, called by checks and indexes
CREATE TABLE t (id bigint, a text);
CREATE FUNCTION label(r t) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT r.a';
CREATE INDEX i ON t (label(t));
-- becomes
CREATE TABLE t (id bigint, a text, b integer);
CREATE FUNCTION label(r t) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT r.a || r.b';
CREATE INDEX i ON t (label(t));

-- pair: function over a column that another function reads
CREATE TABLE t (id bigint, a text);
CREATE FUNCTION one() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT a FROM t LIMIT 1; END;
CREATE FUNCTION two() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT one(); END;
CREATE TABLE u (x text DEFAULT two());
-- becomes
CREATE TABLE t (id bigint, a varchar(7));
CREATE FUNCTION one() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT a FROM t LIMIT 1; END;
CREATE FUNCTION two() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT one(); END;
CREATE TABLE u (x text DEFAULT two());

-- pair: a materialized view that stores rows of a table
CREATE TABLE t (a integer, b integer);
CREATE MATERIALIZED VIEW v AS SELECT t AS whole FROM t;
CREATE VIEW w AS SELECT (whole).b FROM v;
-- becomes
CREATE TABLE t (a bigint, b integer, c integer DEFAULT 1);
CREATE MATERIALIZED VIEW v AS SELECT t AS whole FROM t;
CREATE VIEW w AS SELECT (whole).b FROM v;

-- pair: a materialized view that stores rows, and a new column
CREATE TABLE t (a integer);
CREATE MATERIALIZED VIEW v AS SELECT t AS whole FROM t;
-- becomes
CREATE TABLE t (a integer, c integer DEFAULT 1);
CREATE MATERIALIZED VIEW v AS SELECT t AS whole FROM t;

-- pair: a materialized view that stores rows of tables that Postgres rewrites
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE t (a integer);
CREATE UNLOGGED TABLE u (a integer);
CREATE MATERIALIZED VIEW v AS SELECT t AS whole FROM t;
CREATE MATERIALIZED VIEW w AS SELECT ARRAY[u] AS wholes FROM u;
-- becomes
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE t (a integer) USING heap2;
CREATE TABLE u (a integer);
CREATE MATERIALIZED VIEW v AS SELECT t AS whole FROM t;
CREATE MATERIALIZED VIEW w AS SELECT ARRAY[u] AS wholes FROM u;
