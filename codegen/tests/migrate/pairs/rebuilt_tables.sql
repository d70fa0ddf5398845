-- pair: table becomes partitioned
CREATE TABLE p (id int, d date);
-- becomes
CREATE TABLE p (id int, d date) PARTITION BY RANGE (d);
CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE p_d PARTITION OF p DEFAULT;

-- pair: table with everything becomes partitioned
CREATE TYPE e AS ENUM ('x', 'y');
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE r (id int PRIMARY KEY);
CREATE TABLE p (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, d date NOT NULL DEFAULT now(), v e DEFAULT 'x' CHECK (v <> 'y'),
    n serial, g int GENERATED ALWAYS AS (1 + 1) STORED, r int REFERENCES r, gone text);
CREATE INDEX p_v ON p (v);
CREATE TRIGGER t BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE p ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON p USING (id > 0);
CREATE VIEW v AS SELECT id, v FROM p;
CREATE FUNCTION rows_of_p() RETURNS SETOF p LANGUAGE sql AS 'SELECT * FROM p';
CREATE TABLE c (p bigint REFERENCES p);
COMMENT ON TABLE p IS 'all';
GRANT SELECT ON p TO PUBLIC;
-- becomes
CREATE TYPE e AS ENUM ('x', 'y');
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE r (id int PRIMARY KEY);
CREATE TABLE p (id bigint NOT NULL, d date NOT NULL DEFAULT now(), v e DEFAULT 'x' CHECK (v <> 'y'),
    n serial, g int GENERATED ALWAYS AS (1 + 1) STORED, r int REFERENCES r, PRIMARY KEY (id, d)) PARTITION BY RANGE (d);
CREATE TABLE p_d PARTITION OF p DEFAULT;
CREATE INDEX p_v ON p (v);
CREATE TRIGGER t BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE p ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON p USING (id > 0);
CREATE VIEW v AS SELECT id, v FROM p;
CREATE FUNCTION rows_of_p() RETURNS SETOF p LANGUAGE sql AS 'SELECT * FROM p';
CREATE TABLE c (p bigint, d date, FOREIGN KEY (p, d) REFERENCES p);
COMMENT ON TABLE p IS 'all';
GRANT SELECT ON p TO PUBLIC;

-- pair: another partition key under the same partitions
CREATE TABLE p (id int PRIMARY KEY, k text) PARTITION BY HASH (id);
CREATE TABLE p_0 PARTITION OF p FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE INDEX p_k ON p (k);
-- becomes
CREATE TABLE p (id int PRIMARY KEY, k text) PARTITION BY RANGE (id);
CREATE TABLE p_0 PARTITION OF p DEFAULT;
CREATE INDEX p_k ON p (k);

-- pair: own column becomes an inherited one
CREATE TABLE a (x int);
CREATE TABLE b (x int, z int);
CREATE VIEW v AS SELECT x, z FROM b;
-- becomes
CREATE TABLE a (x int CHECK (x > 0));
CREATE TABLE b (z int) INHERITS (a);
CREATE VIEW v AS SELECT x, z FROM b;

-- pair: a rebuilt table with columns of recreated types
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TYPE c AS (a int, b int);
CREATE TABLE t (k int, v e, w c, x c[]);
-- becomes
CREATE TYPE e AS ENUM ('a', 'c');
CREATE TYPE c AS (b int, a int);
CREATE TABLE t (k int, v e, w c, x c[]) PARTITION BY LIST (k);
