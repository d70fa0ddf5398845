-- Functions that change their session, but by no means that only the thorough reset finds.
CREATE TABLE rows_of (tenant text NOT NULL, body text NOT NULL);
INSERT INTO rows_of VALUES ('a', 'secret of a'), ('b', 'of b');
ALTER TABLE rows_of ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON rows_of USING (
    tenant = current_setting('app.organization_id') OR current_setting('app.staff', true) = 'yes'
);
CREATE SEQUENCE numbers;
CREATE FUNCTION last_number() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RETURN lastval();
EXCEPTION WHEN object_not_in_prerequisite_state THEN
    RETURN NULL;
END $$;
CREATE FUNCTION leave_all() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('app.staff', 'yes', false);
    SET search_path = evil, public;
    SET row_security = off;
    SET default_transaction_read_only = on;
    CREATE TEMP TABLE left_behind (a int);
    PERFORM nextval('public.numbers');
    RETURN 'done';
END $$;
CREATE SCHEMA evil;
CREATE TABLE evil.rows_of (tenant text, body text);
INSERT INTO evil.rows_of VALUES ('evil', 'evil');
GRANT USAGE ON SCHEMA evil TO xact_customer;
GRANT USAGE, SELECT ON SEQUENCE numbers TO xact_customer;
GRANT SELECT ON rows_of, evil.rows_of TO xact_customer;
