-- Every way in which a statement can run a function that takes a lock of the session without naming it.
CREATE TABLE rows_of (tenant text NOT NULL, body text NOT NULL);
INSERT INTO rows_of VALUES ('a', 'secret of a'), ('b', 'of b');
ALTER TABLE rows_of ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON rows_of USING (tenant = current_setting('app.organization_id'));

CREATE FUNCTION lock_it(a int DEFAULT 1) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    PERFORM pg_advisory_lock(7);
    RETURN a;
END $$;
CREATE FUNCTION lock_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'SELECT pg_advisory_lock(7)';
    RETURN NEW;
END $$;
CREATE FUNCTION by_text() RETURNS int LANGUAGE sql AS 'SELECT lock_it(2)';
CREATE FUNCTION by_tree() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT lock_it(3); END;
CREATE FUNCTION by_default(a int DEFAULT lock_it()) RETURNS int LANGUAGE sql AS 'SELECT a';
CREATE FUNCTION add_state(state int, value int) RETURNS int LANGUAGE sql AS 'SELECT lock_it(state + value)';
CREATE AGGREGATE by_aggregate(int) (SFUNC = add_state, STYPE = int, INITCOND = '0');
CREATE PROCEDURE by_procedure() LANGUAGE sql AS 'SELECT lock_it()';

CREATE VIEW by_view AS SELECT lock_it(tenant.n) AS n FROM (VALUES (1)) tenant(n);
CREATE VIEW by_view_of_view AS SELECT n FROM by_view;
CREATE FUNCTION by_relation() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT n FROM by_view); END';

CREATE TABLE by_trigger (id int PRIMARY KEY);
CREATE TRIGGER lock_row BEFORE INSERT OR DELETE ON by_trigger FOR EACH ROW EXECUTE FUNCTION lock_row();
CREATE VIEW through_view AS SELECT id FROM by_trigger;
CREATE FUNCTION by_statement() RETURNS void LANGUAGE plpgsql AS 'BEGIN INSERT INTO by_trigger VALUES (31); END';
CREATE FUNCTION only_reads() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM by_trigger';
CREATE TABLE by_deferred (id int);
CREATE CONSTRAINT TRIGGER lock_row AFTER INSERT ON by_deferred
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lock_row();
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (parent int REFERENCES parent ON DELETE CASCADE);
CREATE TRIGGER lock_row AFTER DELETE ON child FOR EACH ROW EXECUTE FUNCTION lock_row();
INSERT INTO parent VALUES (1);
INSERT INTO child VALUES (1);
CREATE TABLE divided (id int) PARTITION BY RANGE (id);
CREATE TABLE division PARTITION OF divided FOR VALUES FROM (0) TO (10);
CREATE TRIGGER lock_row BEFORE INSERT ON division FOR EACH ROW EXECUTE FUNCTION lock_row();
CREATE TABLE by_column_default (id int, n int DEFAULT lock_it());
CREATE TABLE by_generated (id int, n int GENERATED ALWAYS AS (lock_it(id)) STORED);
CREATE TABLE by_check (id int CHECK (lock_it(id) > 0));
CREATE TABLE by_index (id int);
CREATE INDEX ON by_index (lock_it(id));
CREATE TABLE by_rule (id int);
CREATE RULE lock AS ON INSERT TO by_rule DO ALSO SELECT lock_it(NEW.id);
CREATE TABLE by_policy (id int);
INSERT INTO by_policy VALUES (1);
ALTER TABLE by_policy ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON by_policy USING (lock_it(id) > 0);

GRANT ALL ON ALL TABLES IN SCHEMA public TO xact_customer;
