CREATE SCHEMA app;
CREATE FUNCTION become(who text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.user_id', who, false) $$;
CREATE FUNCTION app.hold(key bigint) RETURNS void LANGUAGE sql AS $$ SELECT pg_advisory_lock(key) $$;
