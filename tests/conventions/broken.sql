-- A table that breaks every convention, beside a table of labels that does.
CREATE TABLE broken_enum (value TEXT PRIMARY KEY);

CREATE TABLE broken (
    id TEXT PRIMARY KEY DEFAULT generate_id('bkm') CHECK (id LIKE 'bro\_%'),
    created_at TIMESTAMP NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ DEFAULT now(),
    organization_id TEXT COLLATE "C",
    cluster_id TEXT COLLATE "C" REFERENCES clusters (id),
    owner_id TEXT,
    size INTEGER,
    status TEXT
);
