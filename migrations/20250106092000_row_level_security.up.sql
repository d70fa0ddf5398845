CREATE FUNCTION current_user_id() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT nullif(pg_catalog.current_setting('app.user_id', true), '')
$$;

COMMENT ON FUNCTION current_user_id() IS
'The user of this transaction, from the setting app.user_id; NULL when it is not set.';

-- SECURITY DEFINER, because the policies of memberships and users call this function themselves.
-- Policies write it as (SELECT current_organization_id()), which runs once a statement and not once a row.
CREATE FUNCTION current_organization_id() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT m.organization_id
    FROM public.memberships m
    JOIN public.users u ON u.id = m.user_id
    WHERE m.organization_id = current_setting('app.organization_id', true)
      AND m.user_id = public.current_user_id()
      AND u.is_active
$$;

COMMENT ON FUNCTION current_organization_id() IS
'The organization of this transaction, from the setting app.organization_id; '
'NULL unless the user of app.user_id is active and a member of it.';

REVOKE EXECUTE ON FUNCTION current_organization_id() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION current_organization_id() TO customer;

GRANT SELECT ON user_role_enum, membership_role_enum TO PUBLIC;

ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON organizations TO admin;
GRANT SELECT ON organizations TO customer;
CREATE POLICY organizations_admin ON organizations TO admin
    USING (true) WITH CHECK (true);
CREATE POLICY organizations_customer ON organizations FOR SELECT TO customer
    USING (id = (SELECT current_organization_id()));

ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON memberships TO admin;
GRANT SELECT ON memberships TO customer;
CREATE POLICY memberships_admin ON memberships TO admin
    USING (true) WITH CHECK (true);
CREATE POLICY memberships_customer ON memberships FOR SELECT TO customer
    USING (organization_id = (SELECT current_organization_id()));

-- Customers see the people they share the organization with, but no secret and no id anyone signs in with.
-- The ids are an array, made once a statement, because = ANY (ARRAY(…)) can use the primary key and IN (…) cannot.
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON users TO admin;
GRANT SELECT (id, created_at, updated_at, email, username, full_name, is_active, role) ON users TO customer;
GRANT UPDATE (username, full_name) ON users TO customer;
CREATE POLICY users_admin ON users TO admin
    USING (true) WITH CHECK (true);
CREATE POLICY users_customer_select ON users FOR SELECT TO customer
    USING (id = ANY (ARRAY(
        SELECT m.user_id FROM memberships m WHERE m.organization_id = (SELECT current_organization_id())
    )));
CREATE POLICY users_customer_update ON users FOR UPDATE TO customer
    USING (id = (SELECT current_user_id()) AND (SELECT current_organization_id()) IS NOT NULL)
    WITH CHECK (id = (SELECT current_user_id()) AND (SELECT current_organization_id()) IS NOT NULL);
