-- pair: domain base
CREATE DOMAIN d AS int CHECK (VALUE > 0);
CREATE FUNCTION f(d) RETURNS d LANGUAGE sql RETURN $1;
-- becomes
CREATE DOMAIN d AS bigint CHECK (VALUE > 0);
COMMENT ON DOMAIN d IS 'x';
CREATE FUNCTION f(d) RETURNS d LANGUAGE sql RETURN $1;

-- pair: domain base used
CREATE DOMAIN d AS int CHECK (VALUE > 0);
CREATE TABLE t (a d DEFAULT 3, b d[]);
CREATE VIEW v AS SELECT a FROM t;
CREATE INDEX i ON t (a);
-- becomes
CREATE DOMAIN d AS text CHECK (VALUE <> '');
CREATE TABLE t (a d DEFAULT '3', b d[]);
CREATE VIEW v AS SELECT a FROM t;
CREATE INDEX i ON t (a);

-- pair: domain checks
CREATE DOMAIN d AS text;
CREATE TABLE t (a d);
-- becomes
CREATE DOMAIN d AS text NOT NULL DEFAULT 'x' CONSTRAINT c1 CHECK (VALUE <> '') CONSTRAINT c2 CHECK (length(VALUE) < 5);
COMMENT ON CONSTRAINT c1 ON DOMAIN d IS 'k';
CREATE TABLE t (a d);

-- pair: domain add column
CREATE TABLE t (a text);
-- becomes
CREATE FUNCTION ok(text) RETURNS bool LANGUAGE sql IMMUTABLE RETURN $1 <> '';
CREATE DOMAIN email AS text CHECK (ok(VALUE));
CREATE TABLE t (a email, b email DEFAULT 'x' NOT NULL);

-- pair: domain replaced by text
CREATE DOMAIN email AS text CHECK (VALUE ~ '@');
CREATE TABLE t (e email NOT NULL DEFAULT 'a@b', f email[]);
CREATE VIEW v AS SELECT e FROM t;
-- becomes
CREATE TABLE t (e text NOT NULL DEFAULT 'a@b', f text[]);
CREATE VIEW v AS SELECT e FROM t;

-- pair: domain check over a list of varchars
CREATE DOMAIN d AS varchar(40) CONSTRAINT limited CHECK (VALUE IN ('a', 'b'));
-- becomes
CREATE DOMAIN d AS varchar(40);
