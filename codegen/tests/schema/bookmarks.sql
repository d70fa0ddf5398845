CREATE ROLE rt_customer NOLOGIN;
CREATE ROLE rt_worker LOGIN BYPASSRLS;
GRANT rt_customer TO rt_worker;
ALTER ROLE rt_customer SET statement_timeout = '5s';

CREATE EXTENSION fuzzystrmatch;
CREATE TYPE import_state AS ENUM ('running', 'done', 'failed');
CREATE DOMAIN url AS text CONSTRAINT url_check CHECK (VALUE ~ '^https?://');

CREATE TABLE organizations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL UNIQUE
);
CREATE TABLE plan_enum (value text PRIMARY KEY, position integer NOT NULL, description text);
INSERT INTO plan_enum VALUES ('team', 10, 'Up to ten people.'), ('free', 9, NULL), ('it''s big', 11, E'a\\b');
CREATE TABLE import_jobs (
    id bigserial PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    state import_state NOT NULL DEFAULT 'running',
    filename varchar(255)
);
CREATE TABLE bookmarks (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations,
    import_job_id bigint,
    url url NOT NULL,
    title text,
    tags text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT title_is_short CHECK (char_length(title) <= 200 AND title <> ''),
    FOREIGN KEY (import_job_id) REFERENCES import_jobs ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX bookmarks_newest ON bookmarks (organization_id, created_at DESC);
CREATE UNIQUE INDEX bookmarks_url ON bookmarks (organization_id, lower(url)) WHERE title IS NOT NULL;
CREATE INDEX bookmarks_tags ON bookmarks USING gin (tags);
COMMENT ON TABLE bookmarks IS 'A saved link.';
COMMENT ON COLUMN bookmarks.url IS 'The page''s address as it was saved.';
COMMENT ON CONSTRAINT bookmarks_import_job_id_fkey ON bookmarks IS 'A deleted job keeps its bookmarks.';
COMMENT ON INDEX bookmarks_newest IS 'For the list.';

CREATE FUNCTION current_organization() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT current_setting('app.organization_id', true)::uuid $$;
REVOKE EXECUTE ON FUNCTION current_organization() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION current_organization() TO rt_customer;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.created_at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER bookmarks_touch BEFORE UPDATE ON bookmarks FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch();

ALTER TABLE bookmarks ENABLE ROW LEVEL SECURITY;
ALTER TABLE bookmarks FORCE ROW LEVEL SECURITY;
CREATE POLICY of_the_organization ON bookmarks TO rt_customer
    USING (organization_id = current_organization()) WITH CHECK (organization_id = current_organization());
CREATE POLICY of_a_known_organization ON bookmarks AS RESTRICTIVE FOR SELECT TO rt_customer
    USING (EXISTS (SELECT FROM organizations o WHERE o.id = organization_id));
GRANT SELECT, INSERT, DELETE ON bookmarks TO rt_customer;
GRANT UPDATE (title, tags) ON bookmarks TO rt_customer;
GRANT ALL ON import_jobs TO rt_worker;
GRANT USAGE ON SEQUENCE import_jobs_id_seq TO rt_worker;
GRANT SELECT ON organizations TO rt_customer WITH GRANT OPTION;

CREATE VIEW bookmark_counts WITH (security_invoker = true) AS
    SELECT o.name, count(b.id) AS bookmarks
    FROM organizations o LEFT JOIN bookmarks b ON b.organization_id = o.id GROUP BY o.name;
GRANT SELECT ON bookmark_counts TO rt_customer;
COMMENT ON VIEW bookmark_counts IS 'How much each organization has saved.';
CREATE MATERIALIZED VIEW busiest AS
    SELECT c.name, o.id FROM bookmark_counts c JOIN organizations o USING (name) WHERE c.bookmarks > 100;
CREATE UNIQUE INDEX busiest_name ON busiest (name);
CREATE FUNCTION bookmarks_of(organization uuid) RETURNS SETOF bookmarks LANGUAGE sql STABLE
    BEGIN ATOMIC
        SELECT b.* FROM bookmarks b JOIN organizations o ON o.id = b.organization_id WHERE o.id = organization;
    END;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO rt_worker;
