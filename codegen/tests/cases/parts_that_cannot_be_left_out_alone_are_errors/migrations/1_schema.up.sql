CREATE TABLE jobs (
    id bigint PRIMARY KEY,
    filename text NOT NULL,
    status text
);

CREATE TABLE bookmarks (
    id bigint PRIMARY KEY,
    owner_id bigint NOT NULL,
    job_id bigint REFERENCES jobs,
    title text NOT NULL,
    domain text NOT NULL,
    folder text,
    tags text[] NOT NULL DEFAULT '{}',
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX ON bookmarks (job_id);
