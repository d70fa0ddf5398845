-- pair: child of a parent with a new column
CREATE TABLE p (a integer);
CREATE TABLE c (b integer) INHERITS (p);
-- becomes
CREATE TABLE p (a integer, x integer);
CREATE TABLE c (b integer, x integer) INHERITS (p);

-- pair: grandchild of a parent with a new column
CREATE TABLE p (a integer);
CREATE TABLE c (b integer) INHERITS (p);
CREATE TABLE d () INHERITS (c);
-- becomes
CREATE TABLE p (a integer, x integer DEFAULT 1);
CREATE TABLE c (b integer) INHERITS (p);
CREATE TABLE d (x integer DEFAULT 2) INHERITS (c);

-- pair: inheritance is lost, its columns and checks stay or not
CREATE TABLE p (a integer CHECK (a > 0), b integer);
CREATE TABLE c (x integer) INHERITS (p);
CREATE TABLE d (a integer, x integer) INHERITS (p);
-- becomes
CREATE TABLE p (a integer CHECK (a > 0), b integer);
CREATE TABLE c (a integer, b integer, x integer);
CREATE TABLE d (a integer CHECK (a > 1), x integer);

-- pair: parent is dropped, the child stays
CREATE TABLE p (a integer NOT NULL, b integer);
CREATE TABLE c (a integer NOT NULL, b integer, x integer) INHERITS (p);
-- becomes
CREATE TABLE c (a integer NOT NULL, b integer, x integer);

-- pair: inheritance is gained by a table that has the columns
CREATE TABLE p (a integer);
CREATE TABLE c (a integer, x integer);
-- becomes
CREATE TABLE p (a integer, y text);
CREATE TABLE c (a integer, x integer, y text) INHERITS (p);

-- pair: column of a parent is recomputed, converted and dropped under its children
CREATE TABLE p (a integer, b integer, c integer, g integer GENERATED ALWAYS AS (a + 1) STORED);
CREATE TABLE c (x integer) INHERITS (p);
CREATE VIEW v AS SELECT a, x FROM c;
-- becomes
CREATE TABLE p (a bigint, b text, g bigint GENERATED ALWAYS AS (a + 2) STORED);
CREATE TABLE c (x integer) INHERITS (p);
CREATE VIEW v AS SELECT a, x FROM c;

-- pair: identity column above a child table
CREATE TABLE p (a integer);
CREATE TABLE c () INHERITS (p);
-- becomes
CREATE TABLE p (a integer, e bigint GENERATED ALWAYS AS IDENTITY (START WITH 7));
CREATE TABLE c () INHERITS (p);

-- pair: check that is not valid comes to a parent, valid in one child alone
CREATE TABLE p (a integer);
CREATE TABLE c () INHERITS (p);
CREATE TABLE d () INHERITS (p);
-- becomes
CREATE TABLE p (a integer);
CREATE TABLE c () INHERITS (p);
ALTER TABLE p ADD CONSTRAINT positive CHECK (a > 0) NOT VALID;
CREATE TABLE d () INHERITS (p);

-- pair: default comes to a parent's column that a child table has of its own, without it
CREATE TABLE p (a integer);
CREATE TABLE c (b bigint NOT NULL, d text) INHERITS (p);
-- becomes
CREATE TABLE p (a integer);
CREATE TABLE c (b bigint NOT NULL, d text) INHERITS (p);
ALTER TABLE p ADD COLUMN b bigint DEFAULT 0;

-- pair: a parent's column becomes one of the child table alone, and is computed
CREATE TABLE p (a integer, e serial);
CREATE TABLE c () INHERITS (p);
-- becomes
CREATE TABLE p (a integer);
CREATE TABLE c (e integer GENERATED ALWAYS AS (a + 8) STORED) INHERITS (p);

-- pair: a child table no longer names a column that it inherits
CREATE TABLE p (a integer);
CREATE TABLE c (a integer, b integer) INHERITS (p);
-- becomes
CREATE TABLE p (a integer);
CREATE TABLE c (b integer) INHERITS (p);

-- pair: a parent gets the column of a child table, which no longer names it
CREATE TABLE p (a integer);
CREATE TABLE c (b integer, x text DEFAULT 'c') INHERITS (p);
-- becomes
CREATE TABLE p (a integer, x text);
CREATE TABLE c (b integer) INHERITS (p);

-- pair: inheritance is gained with a column that the table lacks and does not name
CREATE TABLE p (b boolean);
CREATE TABLE c (a integer);
-- becomes
CREATE TABLE p (b boolean);
CREATE TABLE c (a integer) INHERITS (p);

-- pair: check that is not valid in a child table is one of the parent alone
CREATE TABLE p (a integer);
CREATE TABLE c () INHERITS (p);
ALTER TABLE p ADD CONSTRAINT positive CHECK (a > 0) NOT VALID;
-- becomes
CREATE TABLE p (a integer);
ALTER TABLE p ADD CONSTRAINT positive CHECK (a > 0) NOT VALID;

-- pair: a child table whose own columns come first
CREATE TABLE p (a integer, b integer);
CREATE TABLE c (b integer, x integer, a integer);
-- becomes
CREATE TABLE p (a integer, b integer);
CREATE TABLE c (b integer, x integer, a integer);
ALTER TABLE c INHERIT p;
CREATE TABLE d (b integer, a integer);
ALTER TABLE d INHERIT p;

-- pair: a check that is valid in a child table alone
CREATE TABLE t (a integer);
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
CREATE TABLE u () INHERITS (t);
-- becomes
CREATE TABLE t (a integer);
CREATE TABLE u () INHERITS (t);
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;

-- pair: a check that is valid in another child table
CREATE TABLE t (a integer);
CREATE TABLE u () INHERITS (t);
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
CREATE TABLE v () INHERITS (t);
-- becomes
CREATE TABLE t (a integer);
CREATE TABLE v () INHERITS (t);
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
CREATE TABLE u () INHERITS (t);
CREATE TABLE w () INHERITS (u);

-- pair: a check that is not valid gets a child table
CREATE TABLE t (a integer);
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
-- becomes
CREATE TABLE t (a integer);
CREATE TABLE u () INHERITS (t);
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;

-- pair: a check of the table alone that is not valid
CREATE TABLE t (a integer);
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NO INHERIT NOT VALID;
CREATE TABLE u () INHERITS (t);
-- becomes
CREATE TABLE t (a integer);
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1) NO INHERIT NOT VALID;
CREATE TABLE u (b integer) INHERITS (t);

-- pair: an inherited column becomes one of another type
CREATE TABLE a (d int, e int);
CREATE TABLE b () INHERITS (a);
-- becomes
CREATE TABLE a (e int);
CREATE TABLE b (d text) INHERITS (a);

-- pair: an inherited column becomes one of another type, above child tables
CREATE TABLE a (d int, e int);
CREATE TABLE b () INHERITS (a);
CREATE TABLE c (x int) INHERITS (b);
CREATE TABLE c2 (y int PRIMARY KEY) INHERITS (b);
CREATE INDEX i ON c (x, d);
CREATE VIEW v AS SELECT * FROM c;
-- becomes
CREATE TABLE a (e int);
CREATE TABLE b (d text) INHERITS (a);
CREATE TABLE c (x int) INHERITS (b);
CREATE TABLE c2 (y int PRIMARY KEY) INHERITS (b);
CREATE INDEX i ON c (x, d);
CREATE VIEW v AS SELECT * FROM c;

-- pair: storage of an inherited column that gets another type
CREATE TABLE a (b text);
CREATE TABLE c () INHERITS (a);
ALTER TABLE c ALTER COLUMN b SET STORAGE MAIN;
ALTER TABLE c ALTER COLUMN b SET STATISTICS 7;
-- becomes
CREATE TABLE a (b smallint);
CREATE TABLE c () INHERITS (a);
