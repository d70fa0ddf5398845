-- pair: col type everything
CREATE TABLE p (id int PRIMARY KEY, n int, s text);
CREATE TABLE t (id int PRIMARY KEY, p int REFERENCES p, a int DEFAULT 3 CHECK (a > 0), g int GENERATED ALWAYS AS (a + 1) STORED, u text);
CREATE INDEX i ON t (a) WHERE a > 2;
CREATE UNIQUE INDEX i2 ON t ((a + 1));
CREATE VIEW v AS SELECT a, g FROM t;
CREATE VIEW w AS SELECT a FROM v;
GRANT SELECT ON w TO PUBLIC;
COMMENT ON VIEW w IS 'w';
COMMENT ON COLUMN w.a IS 'c';
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY pol ON t USING (a > 1);
COMMENT ON POLICY pol ON t IS 'x';
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (old.a IS DISTINCT FROM new.a) EXECUTE FUNCTION tf();
CREATE FUNCTION q() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a FROM t; END;
-- becomes
CREATE TABLE p (id bigint PRIMARY KEY, n int, s text);
CREATE TABLE t (id bigint PRIMARY KEY, p bigint REFERENCES p, a bigint DEFAULT 3 CHECK (a > 0), g bigint GENERATED ALWAYS AS (a + 1) STORED, u text);
CREATE INDEX i ON t (a) WHERE a > 2;
CREATE UNIQUE INDEX i2 ON t ((a + 1));
CREATE VIEW v AS SELECT a, g FROM t;
CREATE VIEW w AS SELECT a FROM v;
GRANT SELECT ON w TO PUBLIC;
COMMENT ON VIEW w IS 'w';
COMMENT ON COLUMN w.a IS 'c';
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY pol ON t USING (a > 1);
COMMENT ON POLICY pol ON t IS 'x';
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (old.a IS DISTINCT FROM new.a) EXECUTE FUNCTION tf();
CREATE FUNCTION q() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT a FROM t; END;

-- pair: notnull add
CREATE TABLE t (a int);
-- becomes
CREATE TABLE t (a int NOT NULL, b int NOT NULL, c text NOT NULL DEFAULT 'x');

-- pair: timestamps
CREATE TABLE t (a timestamp, b text, c json, d int, e bool, f uuid, g bytea, h text, i int[], j varchar(10), k char(3), l interval, m date);
-- becomes
CREATE TABLE t (a timestamptz, b timestamptz, c jsonb, d bool, e int, f text, g text, h bytea, i bigint[], j int, k text, l text, m text);

-- pair: type array
CREATE TABLE t (a int, b text, c int[], d numeric(10,2));
-- becomes
CREATE TABLE t (a int[], b text[], c text, d numeric(12,4));

-- pair: generated changes
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c int);
CREATE INDEX i ON t (b);
CREATE VIEW v AS SELECT b FROM t;
COMMENT ON COLUMN t.b IS 'b';
-- becomes
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 3) STORED, c int GENERATED ALWAYS AS (a) STORED);
CREATE INDEX i ON t (b);
CREATE VIEW v AS SELECT b FROM t;
COMMENT ON COLUMN t.b IS 'b';

-- pair: generated in constraint
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED, UNIQUE (b), CHECK (b > 0));
CREATE TABLE u (b int REFERENCES t (b));
GRANT SELECT (b) ON t TO PUBLIC;
-- becomes
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 3) STORED, UNIQUE (b), CHECK (b > 0));
CREATE TABLE u (b int REFERENCES t (b));
GRANT SELECT (b) ON t TO PUBLIC;

-- pair: generated to plain
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED);
-- becomes
CREATE TABLE t (a int, b int DEFAULT 5);

-- pair: column settings
CREATE TABLE t (a text, b int);
-- becomes
CREATE TABLE t (a text, b int);
ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER b SET STATISTICS 50, ALTER b SET (n_distinct = 5), ALTER a SET COMPRESSION pglz;

-- pair: quoting
CREATE TABLE "Odd Name" ("select" int, "a""b" text);
CREATE INDEX "I x" ON "Odd Name" ("select");
-- becomes
CREATE TABLE "Odd Name" ("select" bigint, "a""b" varchar(4), "New" int);
CREATE INDEX "I x" ON "Odd Name" ("a""b");
CREATE VIEW "V" AS SELECT "select" FROM "Odd Name";
COMMENT ON COLUMN "Odd Name"."a""b" IS 'it''s';

-- pair: swap columns names
CREATE TABLE t (a int, b text);
-- becomes
CREATE TABLE t (a text, b int);

-- pair: index of CLUSTER and REPLICA IDENTITY is recreated with its column
CREATE TABLE t (a text NOT NULL, b text);
CREATE UNIQUE INDEX by_a ON t (a);
ALTER TABLE t CLUSTER ON by_a, REPLICA IDENTITY USING INDEX by_a;
-- becomes
CREATE TABLE t (b text, a text NOT NULL GENERATED ALWAYS AS (md5(b)) STORED);
CREATE UNIQUE INDEX by_a ON t (a);
ALTER TABLE t CLUSTER ON by_a, REPLICA IDENTITY USING INDEX by_a;
