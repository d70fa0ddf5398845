-- What can change a session in every way there is, beside the schema of the other tests.
DO $$ BEGIN
    CREATE ROLE xact_staff;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

CREATE SCHEMA evil;
CREATE TABLE evil.rows_of (tenant text, body text);
INSERT INTO evil.rows_of VALUES ('evil', 'evil');
CREATE SEQUENCE numbers;

CREATE TABLE rows_of (tenant text NOT NULL, body text NOT NULL);
INSERT INTO rows_of VALUES ('a', 'secret of a'), ('b', 'of b');
ALTER TABLE rows_of ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON rows_of USING (
    tenant = current_setting('app.organization_id') OR current_setting('app.staff', true) = 'yes'
);

CREATE FUNCTION run(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE command;
    RETURN 'done';
END $$;
CREATE FUNCTION run_as_owner(command text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    EXECUTE command;
    RETURN 'done';
END $$;
CREATE FUNCTION run_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE NEW.command;
    RETURN NEW;
END $$;
CREATE FUNCTION last_number() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RETURN lastval();
EXCEPTION WHEN object_not_in_prerequisite_state THEN
    RETURN NULL;
END $$;

CREATE TABLE triggered (command text);
CREATE TRIGGER run BEFORE INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION run_new();
CREATE TABLE ruled (command text);
CREATE RULE run AS ON INSERT TO ruled DO ALSO SELECT run(NEW.command);
CREATE TABLE defaulted (id int, done text DEFAULT run(current_setting('app.command')));

GRANT USAGE ON SCHEMA evil TO xact_customer, xact_staff;
GRANT USAGE, SELECT ON SEQUENCE numbers TO xact_customer;
GRANT SELECT ON rows_of, evil.rows_of TO xact_customer, xact_staff;
GRANT INSERT ON triggered, ruled, defaulted TO xact_customer;
