-- pair: publications
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, x int);
CREATE PUBLICATION p FOR TABLE a;
-- becomes
CREATE TABLE a (id int PRIMARY KEY, z int);
CREATE TABLE b (id int PRIMARY KEY, x int);
CREATE PUBLICATION p FOR TABLE a, b (id) WHERE (id > 1) WITH (publish = 'insert');
CREATE PUBLICATION q FOR ALL TABLES;
COMMENT ON PUBLICATION q IS 'x';

-- pair: publication drop table
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, x int);
CREATE PUBLICATION p FOR TABLE a, b;
-- becomes
CREATE TABLE a (id int PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE a;

-- pair: publication col type
CREATE TABLE b (id int PRIMARY KEY, x int);
CREATE PUBLICATION p FOR TABLE b (id, x) WHERE (id > 1 AND x > 1) WITH (publish='insert');
-- becomes
CREATE TABLE b (id bigint PRIMARY KEY, x bigint);
CREATE PUBLICATION p FOR TABLE b (id, x) WHERE (id > 1 AND x > 1) WITH (publish='insert');

-- pair: event triggers
CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER t ON ddl_command_start EXECUTE FUNCTION e();
-- becomes
CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$;
CREATE EVENT TRIGGER t ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION e();
ALTER EVENT TRIGGER t DISABLE;
COMMENT ON EVENT TRIGGER t IS 'x';
CREATE TABLE n (a int);

-- pair: rules
CREATE TABLE t (a int, b int);
CREATE TABLE log (a int);
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (new.a);
-- becomes
CREATE TABLE t (a bigint, b int);
CREATE TABLE log (a bigint);
CREATE RULE r AS ON INSERT TO t WHERE new.b > 1 DO ALSO INSERT INTO log VALUES (new.a);
COMMENT ON RULE r ON t IS 'r';

-- pair: rule on view
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a FROM t;
CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (new.a);
-- becomes
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (new.a, new.b);

-- pair: rule new col
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
CREATE RULE r AS ON DELETE TO v DO INSTEAD DELETE FROM t WHERE a = old.a;
CREATE VIEW w AS SELECT a FROM v;
-- becomes
CREATE TABLE t (a int, b int);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE RULE r AS ON DELETE TO v DO INSTEAD DELETE FROM t WHERE a = old.a AND b = old.b;
CREATE VIEW w AS SELECT a FROM v;

-- pair: a published table gains a child table
CREATE TABLE a (g int);
CREATE PUBLICATION p FOR TABLE a;
-- becomes
CREATE TABLE a (g int);
CREATE PUBLICATION p FOR TABLE a;
CREATE TABLE b () INHERITS (a);
