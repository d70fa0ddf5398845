CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
CREATE FUNCTION become(who text) RETURNS void LANGUAGE plpgsql
    AS $$ BEGIN PERFORM set_config('app.tenant', who, true); END $$;
CREATE FUNCTION as_staff() RETURNS void LANGUAGE plpgsql SET search_path = public
    AS $$ BEGIN SET LOCAL ROLE staff; END $$;
CREATE FUNCTION any_setting(name text, value text) RETURNS text LANGUAGE sql AS 'SELECT set_config(name, value, true)';
CREATE FUNCTION harmless() RETURNS void LANGUAGE plpgsql SET role = 'postgres'
    AS $$ BEGIN SET LOCAL lock_timeout = 1; PERFORM set_config('app.note', 'x', true); END $$;
