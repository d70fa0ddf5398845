-- The objects that the examples need.
CREATE FUNCTION generate_id(prefix text) RETURNS text LANGUAGE sql VOLATILE
    AS $$ SELECT prefix || '_' || replace(gen_random_uuid()::text, '-', '') $$;
CREATE FUNCTION updated_at() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE FUNCTION current_organization_id() RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT current_setting('app.organization_id', true) $$;
DO $$ BEGIN
    CREATE ROLE customer NOLOGIN;
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;
GRANT USAGE ON SCHEMA public TO customer;
