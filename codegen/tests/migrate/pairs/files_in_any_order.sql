-- pair: table that refers to a later one
CREATE TABLE z (id int PRIMARY KEY);
-- becomes
CREATE VIEW v AS SELECT f(z.id) AS n FROM s.a, z;
CREATE TABLE s.a (id int PRIMARY KEY, z int REFERENCES z, k s.kind);
COMMENT ON TABLE s.a IS 'before its schema';
CREATE INDEX a_z ON s.a (z);
CREATE TABLE z (id int PRIMARY KEY);
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE SCHEMA s;
CREATE TYPE s.kind AS ENUM ('a');
