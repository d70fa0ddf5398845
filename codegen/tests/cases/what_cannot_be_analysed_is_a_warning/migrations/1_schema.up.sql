CREATE TABLE bookmarks (
    id text PRIMARY KEY,
    organization_id text NOT NULL,
    url text NOT NULL,
    title text,
    UNIQUE (organization_id, url)
);
