CREATE TABLE status_enum (value text PRIMARY KEY);
INSERT INTO status_enum VALUES ('open'), ('closed');
CREATE TABLE organizations (
    id text PRIMARY KEY CHECK (id LIKE 'org\_%'),
    parent_id text REFERENCES organizations (id)
);
CREATE TABLE countries (code text PRIMARY KEY, name text NOT NULL);
CREATE TABLE jobs (
    id bigint PRIMARY KEY,
    organization_id text NOT NULL REFERENCES organizations (id),
    status text NOT NULL DEFAULT 'open' REFERENCES status_enum (value),
    UNIQUE (organization_id, id)
);
CREATE TABLE tickets (
    ticket_id uuid PRIMARY KEY,
    organization_id text NOT NULL,
    job_id bigint,
    country text REFERENCES countries (code),
    title text NOT NULL,
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id)
);
CREATE TABLE ticket_details (
    ticket_id uuid PRIMARY KEY REFERENCES tickets (ticket_id),
    details text NOT NULL
);
CREATE TABLE logs (id bigint PRIMARY KEY, job_id bigint NOT NULL REFERENCES jobs (id));
CREATE TABLE "links" (id integer PRIMARY KEY);
CREATE VIEW open_jobs AS SELECT j.id AS job_id, j.status AS job_status FROM jobs j WHERE j.status = 'open';
