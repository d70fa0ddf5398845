-- Roles belong to the whole cluster, so another database or an administrator may have made them already.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'admin') THEN
        CREATE ROLE admin NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- Another database made it at the same moment.
END $$;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'customer') THEN
        CREATE ROLE customer NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$;

-- Whoever runs the migrations may enter both scopes. An administrator who made the roles may have
-- granted them as well, to someone who may not grant them.
DO $$
BEGIN
    GRANT admin, customer TO CURRENT_USER;
EXCEPTION WHEN insufficient_privilege OR unique_violation THEN
    NULL;
END $$;

-- Everything below rests on two facts that do not hold for every role.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'customer' AND (rolsuper OR rolbypassrls)) THEN
        RAISE EXCEPTION 'role "customer" bypasses row-level security'
            USING HINT = 'Run ALTER ROLE customer NOSUPERUSER NOBYPASSRLS as a superuser.';
    END IF;
    -- The tables force row-level security on their owner too. SECURITY DEFINER functions and
    -- data migrations read them as the owner, through the policies of admin.
    IF NOT (pg_has_role(CURRENT_USER, 'admin', 'USAGE') AND pg_has_role(CURRENT_USER, 'customer', 'MEMBER')) THEN
        RAISE EXCEPTION 'role "%" is not an inheriting member of roles "admin" and "customer"', CURRENT_USER
            USING HINT = 'Run the migrations as a role with INHERIT and CREATEROLE, or grant it both roles.';
    END IF;
END $$;

GRANT USAGE ON SCHEMA public TO admin, customer;

CREATE FUNCTION generate_id(prefix text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
AS $$
DECLARE
    -- clock_timestamp(), because now() stands still for a whole transaction.
    micros CONSTANT bigint := extract(epoch FROM clock_timestamp()) * 1000000;
BEGIN
    RETURN prefix || '_'
        || lpad(to_hex(micros / 1000), 12, '0')                    -- 48 bits: Unix milliseconds
        || '7'                                                     --  4 bits: version
        || lpad(to_hex(micros % 1000 * 4096 / 1000), 3, '0')       -- 12 bits: fraction of the millisecond
        || right(replace(gen_random_uuid()::text, '-', ''), 16);   --  2 bits: variant; 62 bits: random
END $$;

COMMENT ON FUNCTION generate_id(text) IS
'A new id: the prefix, "_", and a UUID version 7 (RFC 9562) as 32 lower-case hex digits without hyphens. '
'Under COLLATE "C" ids sort by the microsecond in which they were made, also within one transaction.';

CREATE FUNCTION updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END $$;
