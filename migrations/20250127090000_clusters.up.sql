CREATE TABLE clusters (
    id TEXT COLLATE "C" PRIMARY KEY DEFAULT generate_id('cls') CHECK (id LIKE 'cls\_%'),
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    storytime JSONB,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT,
    UNIQUE (organization_id, name),
    -- The target of foreign keys that must stay within one organization.
    UNIQUE (organization_id, id)
);
CREATE TRIGGER updated_at BEFORE UPDATE ON clusters FOR EACH ROW EXECUTE FUNCTION updated_at();

ALTER TABLE clusters ENABLE ROW LEVEL SECURITY;
ALTER TABLE clusters FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON clusters TO admin;
GRANT SELECT, DELETE ON clusters TO customer;
GRANT INSERT (organization_id, name, description) ON clusters TO customer;
GRANT UPDATE (name, description) ON clusters TO customer;
CREATE POLICY clusters_admin ON clusters TO admin
    USING (true) WITH CHECK (true);
CREATE POLICY clusters_customer ON clusters TO customer
    USING (organization_id = (SELECT current_organization_id()))
    WITH CHECK (organization_id = (SELECT current_organization_id()));

CREATE TABLE bookmark_clusters (
    id TEXT COLLATE "C" PRIMARY KEY DEFAULT generate_id('bcl') CHECK (id LIKE 'bcl\_%'),
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    storytime JSONB,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    bookmark_id TEXT COLLATE "C" NOT NULL,
    cluster_id TEXT COLLATE "C" NOT NULL,
    -- Both columns each, so that bookmark and cluster are of the same organization as the row.
    FOREIGN KEY (organization_id, bookmark_id) REFERENCES bookmarks (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, cluster_id) REFERENCES clusters (organization_id, id) ON DELETE CASCADE,
    UNIQUE (organization_id, bookmark_id, cluster_id)
);
CREATE TRIGGER updated_at BEFORE UPDATE ON bookmark_clusters FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE INDEX ON bookmark_clusters (organization_id, cluster_id);

-- A row is made and deleted, never changed, by customers.
ALTER TABLE bookmark_clusters ENABLE ROW LEVEL SECURITY;
ALTER TABLE bookmark_clusters FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON bookmark_clusters TO admin;
GRANT SELECT, DELETE ON bookmark_clusters TO customer;
GRANT INSERT (organization_id, bookmark_id, cluster_id) ON bookmark_clusters TO customer;
CREATE POLICY bookmark_clusters_admin ON bookmark_clusters TO admin
    USING (true) WITH CHECK (true);
CREATE POLICY bookmark_clusters_customer ON bookmark_clusters TO customer
    USING (organization_id = (SELECT current_organization_id()))
    WITH CHECK (organization_id = (SELECT current_organization_id()));
