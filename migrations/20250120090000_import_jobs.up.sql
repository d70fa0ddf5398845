CREATE TABLE import_job_status_enum (value TEXT PRIMARY KEY);
INSERT INTO import_job_status_enum (value) VALUES ('pending'), ('running'), ('completed'), ('failed');
GRANT SELECT ON import_job_status_enum TO PUBLIC;

CREATE TABLE import_jobs (
    id TEXT COLLATE "C" PRIMARY KEY DEFAULT generate_id('imp') CHECK (id LIKE 'imp\_%'),
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    storytime JSONB,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    file_size_bytes BIGINT NOT NULL CHECK (file_size_bytes >= 0),
    status TEXT NOT NULL DEFAULT 'pending' REFERENCES import_job_status_enum (value),
    started_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    found_count BIGINT NOT NULL DEFAULT 0 CHECK (found_count >= 0),
    imported_count BIGINT NOT NULL DEFAULT 0 CHECK (imported_count >= 0),
    failed_count BIGINT NOT NULL DEFAULT 0 CHECK (failed_count >= 0),
    cost_microdollars BIGINT NOT NULL DEFAULT 0 CHECK (cost_microdollars >= 0),
    error_message TEXT,
    -- The target of foreign keys that must stay within one organization.
    UNIQUE (organization_id, id)
);
CREATE TRIGGER updated_at BEFORE UPDATE ON import_jobs FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE INDEX ON import_jobs (status, id);

-- Customers hand in a file; its progress and its cost are written by the import, as admin.
ALTER TABLE import_jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_jobs FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON import_jobs TO admin;
GRANT SELECT ON import_jobs TO customer;
GRANT INSERT (organization_id, filename, file_size_bytes) ON import_jobs TO customer;
CREATE POLICY import_jobs_admin ON import_jobs TO admin
    USING (true) WITH CHECK (true);
CREATE POLICY import_jobs_customer_select ON import_jobs FOR SELECT TO customer
    USING (organization_id = (SELECT current_organization_id()));
CREATE POLICY import_jobs_customer_insert ON import_jobs FOR INSERT TO customer
    WITH CHECK (organization_id = (SELECT current_organization_id()));
