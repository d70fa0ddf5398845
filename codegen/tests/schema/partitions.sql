CREATE TABLE kinds (id integer PRIMARY KEY);
CREATE TABLE events (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at date NOT NULL,
    kind integer NOT NULL REFERENCES kinds,
    note text DEFAULT 'none' CHECK (note <> ''),
    PRIMARY KEY (id, at, kind)
) PARTITION BY RANGE (at);
CREATE INDEX events_kind ON events (kind);
CREATE UNIQUE INDEX events_once ON events (at, kind, lower(note));
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER events_stamp BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE a_later_one PARTITION OF events (note DEFAULT 'later', CONSTRAINT recent CHECK (kind > 0))
    FOR VALUES FROM ('2026-01-01') TO (MAXVALUE) PARTITION BY LIST (kind);
CREATE TABLE later_known PARTITION OF a_later_one FOR VALUES IN (1, 2);
CREATE TABLE later_other PARTITION OF a_later_one DEFAULT;
CREATE INDEX only_here ON events_2025 (note);
CREATE TABLE mentions (event bigint, at date, kind integer, FOREIGN KEY (event, at, kind) REFERENCES events ON DELETE CASCADE);
CREATE TABLE shares (id uuid, part text) PARTITION BY HASH (id, lower(part));
CREATE TABLE shares_0 PARTITION OF shares FOR VALUES WITH (MODULUS 2, REMAINDER 0);
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON events USING (kind > 0);
COMMENT ON TABLE events_2025 IS 'last year';
GRANT SELECT ON events TO PUBLIC;
