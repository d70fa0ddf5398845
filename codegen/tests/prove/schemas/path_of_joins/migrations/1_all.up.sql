-- Only the top of each path has the tenant: policies follow the foreign keys.
CREATE ROLE member NOLOGIN;
GRANT USAGE ON SCHEMA public TO member;

CREATE TABLE companies (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    domain text NOT NULL UNIQUE CHECK (domain = lower(domain) AND domain LIKE '%.%')
);
CREATE TABLE projects (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    title text NOT NULL,
    starts_on date NOT NULL DEFAULT '2025-01-01',
    ends_on date CHECK (ends_on > starts_on)
);
CREATE TABLE tasks (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
    parent_id uuid REFERENCES tasks ON DELETE CASCADE,
    title text NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done')),
    labels text[] NOT NULL DEFAULT '{}'
);
CREATE TABLE comments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    task_id uuid NOT NULL REFERENCES tasks ON DELETE CASCADE,
    body text NOT NULL,
    attachment jsonb
);

CREATE FUNCTION my_company() RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('app.company_id', true), '')::uuid
$$;

ALTER TABLE companies ENABLE ROW LEVEL SECURITY;
ALTER TABLE companies FORCE ROW LEVEL SECURITY;
ALTER TABLE projects ENABLE ROW LEVEL SECURITY;
ALTER TABLE projects FORCE ROW LEVEL SECURITY;
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
ALTER TABLE comments ENABLE ROW LEVEL SECURITY;
ALTER TABLE comments FORCE ROW LEVEL SECURITY;

CREATE POLICY own ON companies FOR SELECT TO member USING (id = my_company());
CREATE POLICY own ON projects TO member USING (company_id = my_company()) WITH CHECK (company_id = my_company());
-- A foreign key alone would accept the parent of another company, because it sees all rows.
CREATE FUNCTION is_own_task(task uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM tasks t WHERE t.id = task)
$$;
CREATE POLICY own ON tasks FOR SELECT TO member
    USING (EXISTS (SELECT FROM projects p WHERE p.id = tasks.project_id AND p.company_id = my_company()));
CREATE POLICY own_insert ON tasks FOR INSERT TO member
    WITH CHECK (EXISTS (SELECT FROM projects p WHERE p.id = tasks.project_id AND p.company_id = my_company())
        AND (parent_id IS NULL OR is_own_task(parent_id)));
CREATE POLICY own_update ON tasks FOR UPDATE TO member
    USING (EXISTS (SELECT FROM projects p WHERE p.id = tasks.project_id AND p.company_id = my_company()));
CREATE POLICY own_delete ON tasks FOR DELETE TO member
    USING (EXISTS (SELECT FROM projects p WHERE p.id = tasks.project_id AND p.company_id = my_company()));
CREATE POLICY own ON comments TO member
    USING (EXISTS (SELECT FROM tasks t JOIN projects p ON p.id = t.project_id
                   WHERE t.id = comments.task_id AND p.company_id = my_company()))
    WITH CHECK (EXISTS (SELECT FROM tasks t JOIN projects p ON p.id = t.project_id
                        WHERE t.id = comments.task_id AND p.company_id = my_company()));

GRANT SELECT ON companies TO member;
GRANT SELECT, INSERT, UPDATE, DELETE ON projects, comments TO member;
GRANT SELECT, INSERT, DELETE, UPDATE (title, state, labels) ON tasks TO member;
