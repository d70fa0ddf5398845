-- Rows of two organizations in every table that belongs to one. Betty is a member of both, Nora of none, and Ivan may
-- not use the product any more. A new table without rows of both organizations fails the tests.
INSERT INTO organizations (id, name, slug) VALUES
    ('org_acme', 'Acme', 'acme'),
    ('org_globex', 'Globex', 'globex');

INSERT INTO users (id, email, username, full_name, hashed_password, is_active) VALUES
    ('usr_ada', 'ada@acme.example', 'ada', 'Ada', 'hash of Ada', true),
    ('usr_alan', 'alan@acme.example', 'alan', 'Alan', 'hash of Alan', true),
    ('usr_betty', 'betty@both.example', 'betty', 'Betty', 'hash of Betty', true),
    ('usr_grace', 'grace@globex.example', 'grace', 'Grace', 'hash of Grace', true),
    ('usr_george', 'george@globex.example', 'george', 'George', 'hash of George', true),
    ('usr_ivan', 'ivan@acme.example', 'ivan', 'Ivan', 'hash of Ivan', false),
    ('usr_nora', 'nora@nowhere.example', 'nora', 'Nora', 'hash of Nora', true);

INSERT INTO memberships (organization_id, user_id, role) VALUES
    ('org_acme', 'usr_ada', 'owner'),
    ('org_acme', 'usr_alan', 'member'),
    ('org_acme', 'usr_betty', 'member'),
    ('org_acme', 'usr_ivan', 'member'),
    ('org_globex', 'usr_betty', 'admin'),
    ('org_globex', 'usr_george', 'member'),
    ('org_globex', 'usr_grace', 'owner');

INSERT INTO personas (organization_id, user_id, name, description, relation_type)
SELECT organization_id, user_id, 'Persona ' || n, 'of ' || user_id, 'self'
FROM memberships, generate_series(1, 2) n;

INSERT INTO user_preferences (organization_id, user_id, theme)
SELECT organization_id, user_id, 'dark'
FROM memberships;

INSERT INTO import_jobs (id, organization_id, filename, file_size_bytes)
SELECT format('imp_%s_%s', slug, n), id, format('%s %s.html', name, n), n
FROM organizations, generate_series(1, 2) n;

INSERT INTO bookmarks (id, organization_id, import_job_id, source_extid, url, title, domain)
SELECT format('bkm_%s_%s', slug, n), id, format('imp_%s_%s', slug, n), n, 'https://example.com/' || n, name || ' reads', 'example.com'
FROM organizations, generate_series(1, 2) n;

INSERT INTO clusters (id, organization_id, name, description)
SELECT format('cls_%s_%s', slug, n), id, 'Cluster ' || n, name || ' sorts'
FROM organizations, generate_series(1, 2) n;

INSERT INTO bookmark_clusters (organization_id, bookmark_id, cluster_id)
SELECT id, format('bkm_%s_%s', slug, n), format('cls_%s_%s', slug, n)
FROM organizations, generate_series(1, 2) n;
