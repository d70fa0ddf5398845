-- pair: jsonb to an enum
CREATE TYPE state AS ENUM ('on', 'off');
CREATE TABLE t (c jsonb);
-- becomes
CREATE TYPE state AS ENUM ('on', 'off');
CREATE TABLE t (c state);

-- pair: jsonb and json to anything
CREATE DOMAIN d AS text;
CREATE TYPE pair AS (a integer, b text);
CREATE TABLE t (a jsonb, b jsonb, c json, d jsonb, e json, f jsonb, g json, h jsonb, i jsonb, j json);
-- becomes
CREATE DOMAIN d AS text;
CREATE TYPE pair AS (a integer, b text);
CREATE TABLE t (a uuid, b d, c date, d integer, e integer, f text[], g text, h pair, i bytea, j jsonb);

-- pair: collated types to types without a collation
CREATE TABLE t (a text COLLATE "C", b varchar(5) COLLATE "C", c text[] COLLATE "C", d text COLLATE "POSIX");
-- becomes
CREATE TABLE t (a bytea, b integer, c integer[], d jsonb);

-- pair: collations lost, gained and those of domains
CREATE DOMAIN d AS text COLLATE "C";
CREATE TABLE t (a text COLLATE "C", b text, c d, e text COLLATE "POSIX");
-- becomes
CREATE DOMAIN d AS text COLLATE "C";
CREATE TABLE t (a text, b text COLLATE "C", c text, e d);

-- pair: storage, then type
CREATE TABLE t (c text);
ALTER TABLE t ALTER COLUMN c SET STORAGE EXTERNAL;
-- becomes
CREATE TABLE t (c double precision);

-- pair: storage, compression and statistics kept and lost over another type
CREATE TABLE t (a text, b text, c numeric, d text);
ALTER TABLE t ALTER COLUMN a SET STORAGE EXTERNAL;
ALTER TABLE t ALTER COLUMN b SET COMPRESSION pglz;
ALTER TABLE t ALTER COLUMN c SET STORAGE EXTERNAL;
ALTER TABLE t ALTER COLUMN d SET STATISTICS 7;
-- becomes
CREATE TABLE t (a jsonb, b integer, c numeric, d integer);
ALTER TABLE t ALTER COLUMN a SET STORAGE EXTERNAL;
ALTER TABLE t ALTER COLUMN d SET STATISTICS 7;

-- pair: type of a column with an index of an operator class
CREATE TABLE t (a text);
CREATE INDEX i ON t (a text_pattern_ops);
-- becomes
CREATE TABLE t (a integer);
CREATE INDEX i ON t (a);

-- pair: both ends of a foreign key
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (a integer REFERENCES a);
-- becomes
CREATE TABLE a (id text PRIMARY KEY);
CREATE TABLE b (a text REFERENCES a);

-- pair: column of a recreated type comes to a parent and its child table
CREATE TYPE place AS (x integer, y text);
CREATE TABLE p (a integer);
CREATE TABLE c () INHERITS (p);
-- becomes
CREATE TYPE place AS (x text, z bigint);
CREATE TABLE p (a integer, d place);
CREATE TABLE c () INHERITS (p);

-- pair: fields of composites change places, also inside of others and beside new ones
CREATE TYPE c AS (a integer, b text);
CREATE TYPE d AS (c c, n numeric);
CREATE DOMAIN e AS d;
CREATE TABLE t (id integer, c c NOT NULL DEFAULT ROW(1, 'x')::c, d d, e e, g integer GENERATED ALWAYS AS ((c).a) STORED);
CREATE INDEX i ON t (((c).b));
-- becomes
CREATE TYPE c AS (b text, x integer, a integer);
CREATE TYPE d AS (n numeric, c c);
CREATE DOMAIN e AS d;
CREATE TABLE t (id integer, c c NOT NULL DEFAULT ROW('x', 2, 1)::c, d d, e e, g integer GENERATED ALWAYS AS ((c).a) STORED);
CREATE INDEX i ON t (((c).b));

-- pair: arrays of composites whose fields change places, nested and in domains
CREATE TYPE c AS (a int, b int);
CREATE TYPE o AS (n text, cs c[], k c);
CREATE DOMAIN d AS c;
CREATE DOMAIN ds AS c[];
CREATE SCHEMA app;
CREATE TYPE app.c AS (a int, b int);
CREATE TABLE t (v c[], w o[], x d[], y ds, z o, aa app.c[]);
-- becomes
CREATE TYPE c AS (b int, a int);
CREATE TYPE o AS (n text, cs c[], k c);
CREATE DOMAIN d AS c;
CREATE DOMAIN ds AS c[];
CREATE SCHEMA app;
CREATE TYPE app.c AS (b int, x text, a int);
CREATE TABLE t (v c[], w o[], x d[], y ds, z o, aa app.c[]);

-- pair: composites whose fields change places become arrays and domains, and the reverse
CREATE TYPE c AS (a int, b int);
CREATE DOMAIN d AS c;
CREATE TABLE t (v c, w d, x d[], y c[]);
-- becomes
CREATE TYPE c AS (b int, a int);
CREATE DOMAIN d AS c;
CREATE TABLE t (v c[], w c[], x c[], y d[]);

-- pair: an array of composites with a default, an index and partitions
CREATE TYPE c AS (a int, b int);
CREATE TABLE p (k int, v c[] DEFAULT '{"(1,2)"}') PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX ON p (v);
CREATE VIEW vv AS SELECT v[1].a FROM p;
-- becomes
CREATE TYPE c AS (b int, a int);
CREATE TABLE p (k int, v c[] DEFAULT '{"(1,2)"}') PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX ON p (v);
CREATE VIEW vv AS SELECT v[1].a FROM p;

-- pair: a composite with the same fields in another order
CREATE TYPE c AS (a int, b int);
CREATE TYPE c2 AS (b int, a int);
CREATE TABLE t (v c);
-- becomes
CREATE TYPE c AS (a int, b int);
CREATE TYPE c2 AS (b int, a int);
CREATE TABLE t (v c2);

-- pair: a domain over a composite whose fields change places becomes the composite
CREATE TYPE c AS (a int, b int);
CREATE DOMAIN d AS c;
CREATE TABLE t (v d);
-- becomes
CREATE TYPE c AS (b int, a int);
CREATE DOMAIN d AS c;
CREATE TABLE t (v c);
