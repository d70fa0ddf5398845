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
