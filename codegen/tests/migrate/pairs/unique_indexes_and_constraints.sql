-- pair: foreign key to a new unique index
CREATE TABLE t (a integer);
CREATE TABLE u (a integer);
-- becomes
CREATE TABLE t (a integer);
CREATE UNIQUE INDEX t_a ON t (a);
CREATE TABLE u (a integer REFERENCES t (a));

-- pair: unique index becomes a constraint under a foreign key
CREATE TABLE t (a integer, b integer);
CREATE UNIQUE INDEX t_a ON t (a);
CREATE TABLE u (a integer REFERENCES t (a));
-- becomes
CREATE TABLE t (a integer, b integer, CONSTRAINT t_a UNIQUE (a));
CREATE TABLE u (a integer REFERENCES t (a));

-- pair: index becomes unique, and another one a key
CREATE TABLE t (a integer, b integer);
CREATE INDEX t_a ON t (a);
CREATE INDEX t_b ON t (b);
-- becomes
CREATE TABLE t (a integer, b integer CONSTRAINT t_b PRIMARY KEY);
CREATE UNIQUE INDEX t_a ON t (a);

-- pair: primary key moves to another column under a foreign key and a view that groups by it
CREATE TABLE t (a integer PRIMARY KEY, b integer UNIQUE NOT NULL, c text);
CREATE TABLE u (a integer REFERENCES t (a), b integer REFERENCES t (b));
CREATE VIEW v AS SELECT a, c, count(*) AS n FROM t GROUP BY a;
-- becomes
CREATE TABLE t (a integer UNIQUE NOT NULL, b integer PRIMARY KEY, c text);
CREATE TABLE u (a integer REFERENCES t (a), b integer REFERENCES t (b));
CREATE VIEW v AS SELECT b, c, count(*) AS n FROM t GROUP BY b;

-- pair: tables that refer to each other are dropped with the functions and types that they use
CREATE TYPE e AS ENUM ('x');
CREATE FUNCTION f() RETURNS e LANGUAGE sql IMMUTABLE AS $$ SELECT 'x'::e $$;
CREATE TABLE a (id integer PRIMARY KEY, v e DEFAULT f());
CREATE TABLE b (id integer PRIMARY KEY, a integer REFERENCES a);
ALTER TABLE a ADD b integer REFERENCES b;
CREATE TABLE c (b integer REFERENCES b);
CREATE FUNCTION g(a) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TABLE d (i integer DEFAULT g(NULL));
-- becomes
CREATE TABLE nothing (a integer);

-- pair: new names for old tables, views and indexes
CREATE TABLE t (a integer);
CREATE INDEX x ON t (a);
CREATE VIEW y AS SELECT 1 AS one;
CREATE SEQUENCE z;
-- becomes
CREATE TABLE x (a integer);
CREATE TABLE t (a integer);
CREATE INDEX y ON t (a);
CREATE VIEW z AS SELECT 1 AS one;
