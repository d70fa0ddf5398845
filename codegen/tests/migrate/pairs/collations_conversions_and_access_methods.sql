-- pair: collations
CREATE COLLATION c (PROVIDER = icu, LOCALE = 'de');
CREATE TABLE t (a text COLLATE c);
-- becomes
CREATE COLLATION c (PROVIDER = icu, LOCALE = 'fr');
CREATE TABLE t (a text COLLATE c);

-- pair: collation add
CREATE TABLE t (a text, b text);CREATE INDEX i ON t (a);
CREATE VIEW v AS SELECT a FROM t;
-- becomes
CREATE COLLATION c (PROVIDER = icu, LOCALE = 'fr', DETERMINISTIC = false);
CREATE TABLE t (a text COLLATE c, b text COLLATE "C");
COMMENT ON COLLATION c IS 'x';
CREATE INDEX i ON t (a);
CREATE VIEW v AS SELECT a FROM t;

-- pair: collation col index view
CREATE TABLE t (a text COLLATE "C" PRIMARY KEY);
CREATE TABLE u (a text COLLATE "C" REFERENCES t);
CREATE VIEW v AS SELECT a FROM t ORDER BY a;
-- becomes
CREATE TABLE t (a text PRIMARY KEY);
CREATE TABLE u (a text REFERENCES t);
CREATE VIEW v AS SELECT a FROM t ORDER BY a;

-- pair: conversion
CREATE CONVERSION c FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
-- becomes
CREATE CONVERSION c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
COMMENT ON CONVERSION c IS 'x';

-- pair: access method
CREATE ACCESS METHOD m TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE t (a int) USING m;
-- becomes
CREATE ACCESS METHOD m TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD m IS 'x';
CREATE TABLE t (a int);
CREATE TABLE u (a int) USING m;

-- pair: access method drop
CREATE ACCESS METHOD m TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE t (a int) USING m;
-- becomes
CREATE TABLE t (a int);
