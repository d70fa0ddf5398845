-- pair: inherits
CREATE TABLE a (x int, y int);
CREATE TABLE b (z int) INHERITS (a);
-- becomes
CREATE TABLE a (x int, y int, w text);
CREATE TABLE b (z int) INHERITS (a);
CREATE TABLE c (q int) INHERITS (b);

-- pair: inherits change2
CREATE TABLE a (x int);
CREATE TABLE b (x int, z int);
-- becomes
CREATE TABLE a (x int);
CREATE TABLE b (x int, z int) INHERITS (a);

-- pair: inherits drop col
CREATE TABLE a (x int, y int DEFAULT 2 CHECK (y > 1));
CREATE TABLE b (z int) INHERITS (a);
-- becomes
CREATE TABLE a (x bigint, n int NOT NULL);
CREATE TABLE b (z int) INHERITS (a);

-- pair: inherits drop parent
CREATE TABLE a (x int);
CREATE TABLE b (x int, y int) INHERITS (a);
-- becomes
CREATE TABLE b (x int, y int);

-- pair: of type
CREATE TYPE c AS (a int, b text);
CREATE TABLE t OF c;
-- becomes
CREATE TYPE c AS (a int, b text);
CREATE TABLE t (a int, b text);

-- pair: of type alter
CREATE TYPE c AS (a int, b text);
CREATE TABLE t OF c;
-- becomes
CREATE TYPE c AS (a int, b text, d int);
CREATE TABLE t OF c;

-- pair: typed table of a type that is recreated
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TYPE c AS (x e, y oid, z bytea);
CREATE TYPE d AS (x e[], y c);
CREATE TABLE t OF c (PRIMARY KEY (x, z));
-- becomes
CREATE TYPE e AS ENUM ('b', 'a');
CREATE TYPE c AS (x name, y bigint);
CREATE TYPE d AS (x e[], y c);
CREATE TABLE t OF c;

-- pair: an inherited column is computed no more
CREATE TABLE p (a text, d text GENERATED ALWAYS AS (md5(a)) STORED, e text GENERATED ALWAYS AS (a) STORED);
CREATE TABLE c () INHERITS (p);
CREATE TABLE g (x int) INHERITS (p);
-- becomes
CREATE TABLE p (a text, d text DEFAULT 'x', e text);
CREATE TABLE c () INHERITS (p);
CREATE TABLE g (x int) INHERITS (p);

-- pair: a column is converted that has a default in child tables alone
CREATE TABLE p (a name, b text);
CREATE TABLE c () INHERITS (p);
ALTER TABLE c ALTER COLUMN a SET DEFAULT 'x', ALTER COLUMN b SET DEFAULT 'y';
CREATE TABLE d () INHERITS (c);
-- becomes
CREATE TABLE p (a serial, b integer);
CREATE TABLE c () INHERITS (p);
ALTER TABLE c ALTER COLUMN b SET DEFAULT 7;
CREATE TABLE d () INHERITS (c);
