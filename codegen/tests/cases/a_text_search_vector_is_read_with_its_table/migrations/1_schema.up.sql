CREATE TABLE docs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body text NOT NULL,
    search tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('english', body)) STORED
);
CREATE INDEX docs_search ON docs USING gin (search);
CREATE TABLE drafts (doc_id bigint REFERENCES docs (id), words tsvector);
COMMENT ON TYPE docs IS 'A document.';
