DROP POLICY users_customer_update ON users;
DROP POLICY users_customer_select ON users;
DROP POLICY users_admin ON users;
REVOKE UPDATE (username, full_name) ON users FROM customer;
REVOKE SELECT (id, created_at, updated_at, email, username, full_name, is_active, role) ON users FROM customer;
REVOKE ALL ON users FROM admin;
ALTER TABLE users NO FORCE ROW LEVEL SECURITY;
ALTER TABLE users DISABLE ROW LEVEL SECURITY;

DROP POLICY memberships_customer ON memberships;
DROP POLICY memberships_admin ON memberships;
REVOKE ALL ON memberships FROM admin, customer;
ALTER TABLE memberships NO FORCE ROW LEVEL SECURITY;
ALTER TABLE memberships DISABLE ROW LEVEL SECURITY;

DROP POLICY organizations_customer ON organizations;
DROP POLICY organizations_admin ON organizations;
REVOKE ALL ON organizations FROM admin, customer;
ALTER TABLE organizations NO FORCE ROW LEVEL SECURITY;
ALTER TABLE organizations DISABLE ROW LEVEL SECURITY;

REVOKE ALL ON user_role_enum, membership_role_enum FROM PUBLIC;

DROP FUNCTION current_organization_id();
DROP FUNCTION current_user_id();
