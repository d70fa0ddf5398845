CREATE TABLE bookmarks (
    id TEXT COLLATE "C" PRIMARY KEY DEFAULT generate_id('bkm') CHECK (id LIKE 'bkm\_%'),
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    storytime JSONB,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    import_job_id TEXT COLLATE "C",
    source_extid TEXT COLLATE "C",
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    domain TEXT NOT NULL,
    original_folder TEXT,
    metadata JSONB NOT NULL DEFAULT '{}',
    -- The target of foreign keys that must stay within one organization.
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, source_extid),
    -- Both columns, so that a bookmark never points at an import of another organization.
    FOREIGN KEY (organization_id, import_job_id) REFERENCES import_jobs (organization_id, id)
        ON DELETE SET NULL (import_job_id)
);
CREATE TRIGGER updated_at BEFORE UPDATE ON bookmarks FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE INDEX ON bookmarks (organization_id, import_job_id);
CREATE INDEX ON bookmarks (organization_id, domain);

ALTER TABLE bookmarks ENABLE ROW LEVEL SECURITY;
ALTER TABLE bookmarks FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON bookmarks TO admin;
GRANT SELECT, DELETE ON bookmarks TO customer;
GRANT INSERT (organization_id, import_job_id, source_extid, url, title, domain, original_folder, metadata)
    ON bookmarks TO customer;
GRANT UPDATE (import_job_id, url, title, domain, original_folder, metadata) ON bookmarks TO customer;
CREATE POLICY bookmarks_admin ON bookmarks TO admin
    USING (true) WITH CHECK (true);
CREATE POLICY bookmarks_customer ON bookmarks TO customer
    USING (organization_id = (SELECT current_organization_id()))
    WITH CHECK (organization_id = (SELECT current_organization_id()));
