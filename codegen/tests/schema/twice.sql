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

-- A column of a branch has no name of its own, and must not take that of its type.
CREATE VIEW branches AS SELECT n, 'a'::text AS kind FROM things UNION ALL SELECT NULL, 'b' UNION ALL (SELECT 1, NULL);
CREATE VIEW tested AS SELECT n FROM things WHERE EXISTS (SELECT 'x' FROM things t WHERE t.n > things.n);
CREATE FUNCTION branches() RETURNS SETOF bigint LANGUAGE sql BEGIN ATOMIC SELECT n::bigint FROM things UNION SELECT 1; END;
CREATE TABLE others (kind varchar, n smallint);
CREATE RULE moved AS ON INSERT TO others DO INSTEAD INSERT INTO things (kind, n) SELECT 'a', 1 UNION SELECT 'b', NULL;
CREATE POLICY of_some ON things USING (EXISTS (SELECT 'x' FROM branches));

-- A value that is selected is written without what goes without saying, where nothing else needs it.
CREATE POLICY of_own ON things USING (kind = (SELECT current_setting('app.kind', true))
    AND n = ANY ((SELECT array_agg(n) FROM others)::smallint[]) AND is_a = (SELECT a_or_b((SELECT 'a')::varchar)));

-- The brackets of a query that is the whole condition are not those of USING.
CREATE POLICY of_one ON things USING ((SELECT a_or_b('a'))) WITH CHECK ((SELECT is_a FROM others LIMIT 1));

-- DEFAULT takes these operators in parentheses only.
CREATE TABLE defaults (
    a boolean DEFAULT (1 IN (1, 2)),
    b boolean DEFAULT (NOT true OR false),
    c boolean DEFAULT (now() IS NOT NULL),
    d text DEFAULT ('x' COLLATE "C"),
    e timestamp DEFAULT (now() AT TIME ZONE 'utc')
);
CREATE DOMAIN answer AS boolean DEFAULT ('a' LIKE 'b' AND true);

-- A join without common columns has no condition, and reading it back makes one.
CREATE TABLE apart (other integer);
CREATE VIEW joined AS SELECT n, other FROM things NATURAL LEFT JOIN apart;
