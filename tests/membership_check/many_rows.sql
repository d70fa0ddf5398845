-- A thousand more rows in every table that belongs to an organization.
INSERT INTO organizations (id, name, slug)
SELECT 'org_' || n, 'Organization ' || n, n
FROM generate_series(1, 1000) n;

INSERT INTO users (id, email, username, full_name)
SELECT 'usr_' || n, n || '@acme.example', n, 'User ' || n
FROM generate_series(1, 1000) n;

INSERT INTO memberships (organization_id, user_id)
SELECT 'org_acme', 'usr_' || n
FROM generate_series(1, 1000) n;

INSERT INTO personas (organization_id, user_id, name, relation_type)
SELECT 'org_acme', 'usr_ada', n, 'self'
FROM generate_series(1, 1000) n;

INSERT INTO user_preferences (organization_id, user_id)
SELECT 'org_acme', 'usr_' || n
FROM generate_series(1, 1000) n;

INSERT INTO import_jobs (id, organization_id, filename, file_size_bytes)
SELECT 'imp_' || n, 'org_acme', n, 0
FROM generate_series(1, 1000) n;

INSERT INTO bookmarks (id, organization_id, import_job_id, url, title, domain)
SELECT 'bkm_' || n, 'org_acme', 'imp_' || n, '', '', ''
FROM generate_series(1, 1000) n;

INSERT INTO clusters (id, organization_id, name)
SELECT 'cls_' || n, 'org_acme', n
FROM generate_series(1, 1000) n;

INSERT INTO bookmark_clusters (organization_id, bookmark_id, cluster_id)
SELECT 'org_acme', 'bkm_' || n, 'cls_' || n
FROM generate_series(1, 1000) n;

ANALYZE;
