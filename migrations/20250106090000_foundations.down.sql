DROP FUNCTION updated_at();
DROP FUNCTION generate_id(text);

REVOKE USAGE ON SCHEMA public FROM admin, customer;

-- A role that another database still uses, or that someone else made, stays as it is.
DO $$
BEGIN
    DROP ROLE customer;
EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege OR undefined_object THEN
    RAISE NOTICE 'role "customer" was kept: %', SQLERRM;
END $$;

DO $$
BEGIN
    DROP ROLE admin;
EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege OR undefined_object THEN
    RAISE NOTICE 'role "admin" was kept: %', SQLERRM;
END $$;
