-- pair: pk change
CREATE TABLE a (id int PRIMARY KEY, k int NOT NULL);
CREATE TABLE b (a int REFERENCES a);
CREATE VIEW v AS SELECT id, k, count(*) FROM a GROUP BY id;
-- becomes
CREATE TABLE a (id int NOT NULL, k int PRIMARY KEY);
CREATE TABLE b (a int REFERENCES a);
CREATE VIEW v AS SELECT id, k, count(*) FROM a GROUP BY id, k;

-- pair: pk groupby view
CREATE TABLE a (id int PRIMARY KEY, k int NOT NULL);
CREATE VIEW v AS SELECT id, k, count(*) FROM a GROUP BY id;
-- becomes
CREATE TABLE a (id bigint, k int NOT NULL, CONSTRAINT other PRIMARY KEY (id));
CREATE VIEW v AS SELECT id, k, count(*) FROM a GROUP BY id;

-- pair: fk options
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a int REFERENCES a, c int REFERENCES a);
-- becomes
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a int REFERENCES a ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, c int REFERENCES a ON UPDATE SET NULL);

-- pair: circular fk
SELECT 1;
-- becomes
CREATE TABLE a (id int PRIMARY KEY, b int);
CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
CREATE TABLE self (id int PRIMARY KEY, up int REFERENCES self);

-- pair: fk type change
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a int REFERENCES a);
-- becomes
CREATE TABLE a (id uuid PRIMARY KEY);
CREATE TABLE b (a uuid REFERENCES a);

-- pair: fk target change
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY);
CREATE TABLE b (a int CONSTRAINT fk REFERENCES a);
-- becomes
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY);
CREATE TABLE b (a int);
ALTER TABLE b ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES c NOT VALID;

-- pair: unique to pk
CREATE TABLE a (id int, CONSTRAINT k UNIQUE (id));
CREATE TABLE b (a int REFERENCES a (id));
-- becomes
CREATE TABLE a (id int, CONSTRAINT k PRIMARY KEY (id));
CREATE TABLE b (a int REFERENCES a (id));

-- pair: exclusion
CREATE EXTENSION btree_gist;
CREATE TABLE t (a int, r tstzrange, EXCLUDE USING gist (a WITH =, r WITH &&));
-- becomes
CREATE EXTENSION btree_gist;
CREATE TABLE t (a int, r tstzrange, EXCLUDE USING gist (a WITH =, r WITH &&) WHERE (a > 1) DEFERRABLE);

-- pair: exclusion type
CREATE TABLE t (r int4range, EXCLUDE USING gist (r WITH &&));
-- becomes
CREATE TABLE t (r int8range, EXCLUDE USING gist (r WITH &&));

-- pair: constraint to index
CREATE TABLE t (a int, CONSTRAINT k UNIQUE (a));
-- becomes
CREATE TABLE t (a int);
CREATE UNIQUE INDEX k ON t (a);

-- pair: constraint rename like
CREATE TABLE t (a int CONSTRAINT x CHECK (a > 0), b int CONSTRAINT y CHECK (b > 0));
-- becomes
CREATE TABLE t (a int CONSTRAINT y CHECK (a > 0), b int CONSTRAINT x CHECK (b > 0) NO INHERIT);

-- pair: notnull drop pk
CREATE TABLE t (a int PRIMARY KEY, b int);
-- becomes
CREATE TABLE t (a int, b int);

-- pair: foreign key to one of two equal keys
CREATE TABLE a (x int, y text);
CREATE TABLE b (x int);
-- becomes
CREATE TABLE a (x int, y text, CONSTRAINT z UNIQUE (x));
CREATE TABLE b (x int REFERENCES a (x));
ALTER TABLE a ADD CONSTRAINT k UNIQUE (x);

-- pair: foreign key moves to the other of two equal keys
CREATE TABLE a (x int);
ALTER TABLE a ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (x);
ALTER TABLE a ADD CONSTRAINT z UNIQUE NULLS NOT DISTINCT (x);
CREATE TABLE b (x int CONSTRAINT f REFERENCES a (x));
-- becomes
CREATE TABLE a (x int);
ALTER TABLE a ADD CONSTRAINT z UNIQUE NULLS NOT DISTINCT (x);
ALTER TABLE a ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (x);
CREATE TABLE b (x int CONSTRAINT f REFERENCES a (x));

-- pair: key behind a foreign key becomes another, beside an equal one
CREATE TABLE a (x int, y int);
ALTER TABLE a ADD CONSTRAINT k UNIQUE (y, x);
ALTER TABLE a ADD CONSTRAINT z UNIQUE NULLS NOT DISTINCT (x, y);
CREATE TABLE b (x int, y int, CONSTRAINT f FOREIGN KEY (x, y) REFERENCES a (x, y));
-- becomes
CREATE TABLE a (x int, y int);
ALTER TABLE a ADD CONSTRAINT z UNIQUE NULLS NOT DISTINCT (x, y);
ALTER TABLE a ADD CONSTRAINT k PRIMARY KEY (x);
CREATE TABLE b (x int, y int, CONSTRAINT f FOREIGN KEY (x, y) REFERENCES a (x, y));

-- pair: key behind a foreign key changes, an equal unique index stays
CREATE TABLE a (x int);
ALTER TABLE a ADD CONSTRAINT k UNIQUE (x);
CREATE UNIQUE INDEX z ON a (x);
CREATE TABLE b (x int CONSTRAINT f REFERENCES a (x));
-- becomes
CREATE TABLE a (x int);
ALTER TABLE a ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (x);
CREATE UNIQUE INDEX z ON a (x);
CREATE TABLE b (x int CONSTRAINT f REFERENCES a (x));

-- pair: a new foreign key depends on the younger of two equal keys
CREATE TABLE a (x int);
ALTER TABLE a ADD CONSTRAINT k UNIQUE (x);
ALTER TABLE a ADD CONSTRAINT z UNIQUE (x);
CREATE TABLE b (x int);
-- becomes
CREATE TABLE a (x int);
ALTER TABLE a ADD CONSTRAINT z UNIQUE (x);
ALTER TABLE a ADD CONSTRAINT k UNIQUE (x);
CREATE TABLE b (x int CONSTRAINT f REFERENCES a (x));

-- pair: a new table with two equal keys, of which its foreign key depends on the one that is not primary
CREATE SCHEMA s;
-- becomes
CREATE SCHEMA s;
CREATE TABLE t (a integer, b integer);
ALTER TABLE t ADD CONSTRAINT k UNIQUE (a, b);
ALTER TABLE t ADD CONSTRAINT p PRIMARY KEY (a, b);
ALTER TABLE t ADD FOREIGN KEY (a, b) REFERENCES t (a, b);
