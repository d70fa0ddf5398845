CREATE TYPE job_state AS ENUM ('queued', 'running', 'done');
CREATE TABLE tenants (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE workers (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz
);
CREATE TABLE jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    worker_id uuid REFERENCES workers (id),
    parent_id bigint REFERENCES jobs (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    state job_state NOT NULL DEFAULT 'queued',
    input jsonb NOT NULL DEFAULT '{}',
    title text NOT NULL,
    words tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED
);
COMMENT ON TYPE jobs IS 'A job as the queue keeps it';
