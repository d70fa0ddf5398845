CREATE TABLE things (
    kind varchar(10) NOT NULL CHECK (kind IN ('a', 'b')),
    code char(3) CHECK (code IN ('abc', 'def')),
    n smallint CHECK (n IN (1, 2)),
    amount numeric CHECK (amount IN (1, 2.5)),
    at timestamptz CHECK (at > '2020-01-01'),
    is_a boolean GENERATED ALWAYS AS (kind IN ('a', 'c')) STORED,
    size varchar DEFAULT CASE WHEN 'x'::varchar IN ('x', 'y') THEN 'big' ELSE 'small' END
);
CREATE INDEX things_kind ON things (n) WHERE kind IN ('a', 'b') AND kind NOT IN ('c');
CREATE INDEX things_is ON things ((kind IN ('a', 'b')));
CREATE VIEW kinds_of AS SELECT kind, n::bigint = ANY (ARRAY[n, 2::smallint]) AS any FROM things WHERE kind IN ('a', 'b') OR kind = ANY ('{x,y}'::text[]);
CREATE MATERIALIZED VIEW kept AS SELECT n FROM things WHERE kind <> ALL (ARRAY['a', 'b']::varchar[]);
CREATE DOMAIN grade AS varchar(1) CHECK (VALUE IN ('a', 'b'));
CREATE POLICY of_kind ON things USING (kind IN ('a', current_user)) WITH CHECK (kind BETWEEN SYMMETRIC 'a' AND 'b');
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER changes BEFORE UPDATE ON things FOR EACH ROW WHEN (NEW.kind IN ('a', 'b')) EXECUTE FUNCTION stamp();
CREATE FUNCTION a_or_b(k varchar) RETURNS boolean LANGUAGE sql BEGIN ATOMIC SELECT k IN ('a', 'b'); END;
CREATE RULE kept_things AS ON DELETE TO things WHERE old.kind IN ('a', 'b') DO INSTEAD NOTHING;
