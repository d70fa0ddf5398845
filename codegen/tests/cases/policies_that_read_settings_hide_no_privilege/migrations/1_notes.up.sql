CREATE TABLE notes (
    id bigint PRIMARY KEY,
    tenant_id uuid NOT NULL,
    title text NOT NULL
);
CREATE TABLE tenants (id uuid PRIMARY KEY);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE ROLE tenant;
CREATE POLICY notes_tenant ON notes TO tenant
    USING (tenant_id = current_setting('app.tenant_id')::uuid);
GRANT SELECT, UPDATE (title) ON notes TO tenant;
