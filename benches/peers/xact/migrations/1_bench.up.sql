DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bench_customer') THEN
        CREATE ROLE bench_customer NOLOGIN;
    END IF;
END $$;

CREATE TABLE notes (id bigint PRIMARY KEY, created_at timestamptz NOT NULL, title text NOT NULL, body text);

-- The notes of organizations, which the scoped transaction reads.
CREATE TABLE documents (
    id bigint PRIMARY KEY,
    created_at timestamptz NOT NULL,
    title text NOT NULL,
    body text,
    organization_id text NOT NULL
);
ALTER TABLE documents ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON documents TO bench_customer
    USING (organization_id = (SELECT current_setting('app.organization_id')));
GRANT SELECT ON documents TO bench_customer;

CREATE TABLE wide (
    id bigint PRIMARY KEY,
    created_at timestamptz NOT NULL,
    updated_at timestamptz,
    title text NOT NULL,
    subtitle text,
    author text NOT NULL,
    publisher text,
    language text NOT NULL,
    url text NOT NULL,
    abstract text,
    pages integer NOT NULL,
    edition integer,
    year integer NOT NULL,
    sales bigint NOT NULL,
    stock bigint,
    price double precision NOT NULL,
    discount double precision,
    available boolean NOT NULL,
    digital boolean,
    rank smallint NOT NULL
);

-- A million notes, to stream.
CREATE TABLE events (id bigint PRIMARY KEY, created_at timestamptz NOT NULL, title text NOT NULL, body text);

CREATE TABLE authors (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE books (
    id bigint PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES authors,
    title text NOT NULL,
    blurb text
);
CREATE INDEX ON books (author_id);

-- Empty, to fill.
CREATE TABLE loads (id bigint PRIMARY KEY, created_at timestamptz NOT NULL, title text NOT NULL, body text);
