CREATE ROLE fs_reader;
CREATE FOREIGN DATA WRAPPER nowhere OPTIONS (debug 'it''s true');
COMMENT ON FOREIGN DATA WRAPPER nowhere IS 'goes nowhere';
GRANT USAGE ON FOREIGN DATA WRAPPER nowhere TO fs_reader;
CREATE SERVER away TYPE 'old' VERSION '1.0' FOREIGN DATA WRAPPER nowhere OPTIONS (host 'localhost', "Port" '5');
COMMENT ON SERVER away IS 'far away';
GRANT USAGE ON FOREIGN SERVER away TO fs_reader WITH GRANT OPTION;
CREATE SERVER "Other" FOREIGN DATA WRAPPER nowhere;
CREATE USER MAPPING FOR PUBLIC SERVER away;
CREATE USER MAPPING FOR CURRENT_USER SERVER "Other" OPTIONS (name 'x');
CREATE USER MAPPING FOR fs_reader SERVER away OPTIONS (name 'me', secret 'a''b');
CREATE FOREIGN TABLE remote (
    id integer OPTIONS (column_name 'ID') NOT NULL,
    name text COLLATE "C" DEFAULT 'x' CHECK (name <> ''),
    twice integer GENERATED ALWAYS AS (id * 2) STORED
) SERVER away OPTIONS (schema_name 'there');
COMMENT ON FOREIGN TABLE remote IS 'somewhere else';
COMMENT ON COLUMN remote.id IS 'the key there';
GRANT SELECT ON remote TO fs_reader;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER stamp BEFORE INSERT ON remote FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE VIEW near AS SELECT id FROM remote;
CREATE TABLE parts (id integer, at date) PARTITION BY RANGE (at);
CREATE FOREIGN TABLE parts_away PARTITION OF parts FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') SERVER away;
CREATE TABLE a_base (id integer);
CREATE FOREIGN TABLE a_child (more text) INHERITS (a_base) SERVER away;
CREATE FOREIGN DATA WRAPPER checked OPTIONS (a '1');
CREATE SERVER unchecked FOREIGN DATA WRAPPER checked OPTIONS (b '1');
CREATE USER MAPPING FOR PUBLIC SERVER unchecked OPTIONS (c '1');
ALTER FOREIGN DATA WRAPPER checked VALIDATOR postgresql_fdw_validator;
