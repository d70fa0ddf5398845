-- A schema of many objects that refer to each other, made by a loop: as many tables as `large.tables` says,
-- 20 tables of labels and 220 of events besides.
DO $$ BEGIN CREATE ROLE large_customer; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE FUNCTION own() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('app.own', true) $$;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changed_at := now(); RETURN NEW; END $$;
DO $make$
DECLARE
    n integer;
    name text;
    of_schema text;
BEGIN
    FOR n IN 1..20 LOOP
        EXECUTE format('CREATE SCHEMA area_%s', n);
        EXECUTE format('CREATE TYPE area_%s.state AS ENUM (''new'', ''done'', ''state %s'')', n, n);
        EXECUTE format('CREATE DOMAIN area_%s.short AS varchar(40) CHECK (VALUE IN (''a'', ''b'', ''%s''))', n, n);
        EXECUTE format('CREATE SEQUENCE area_%s.numbers INCREMENT BY %s CACHE 5', n, n);
        EXECUTE format('CREATE TABLE area_%s.kind_enum (value text PRIMARY KEY)', n);
        EXECUTE format('INSERT INTO area_%s.kind_enum VALUES (''x''), (''y''), (''%s'')', n, n);
    END LOOP;
    FOR n IN 1..current_setting('large.tables')::integer LOOP
        of_schema := 'area_' || n % 20 + 1;
        name := format('%s.table_%s', of_schema, n);
        EXECUTE format('CREATE TABLE %1$s (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, own text NOT NULL, code varchar(10) CHECK (code IN (''a'', ''b'')),
                kind text NOT NULL DEFAULT ''x'' REFERENCES %2$s.kind_enum, state %2$s.state NOT NULL DEFAULT ''new'',
                short %2$s.short, number bigint DEFAULT nextval(''%2$s.numbers''), body text COLLATE "C",
                tags text[] NOT NULL DEFAULT ''{}'', made_at timestamptz NOT NULL DEFAULT now(), changed_at timestamptz,
                low integer, high integer, size integer GENERATED ALWAYS AS (high - low) STORED,
                parent_id bigint, CHECK (low < high), UNIQUE (own, code)
            )', name, of_schema);
        EXECUTE format('CREATE INDEX ON %s (parent_id)', name);
        EXECUTE format('CREATE INDEX ON %s (own, lower(body)) INCLUDE (made_at) WHERE code IN (''a'', ''b'')', name);
        EXECUTE format('CREATE TRIGGER stamp BEFORE UPDATE ON %s FOR EACH ROW WHEN (NEW.code IN (''a'', ''b'')) EXECUTE FUNCTION stamp()', name);
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY of_own ON %s TO large_customer USING (own = own()) WITH CHECK (own = own())', name);
        EXECUTE format('GRANT SELECT, INSERT ON %s TO large_customer', name);
        EXECUTE format('COMMENT ON TABLE %s IS ''Table number %s.''', name, n);
        IF n > 20 THEN
            EXECUTE format('ALTER TABLE %s ADD FOREIGN KEY (parent_id) REFERENCES area_%s.table_%s ON DELETE CASCADE', name, (n * 7 % 20) % 20 + 1, n * 7 % 20 + CASE WHEN n * 7 % 20 = 0 THEN 20 ELSE 0 END);
        END IF;
        IF n % 4 = 0 THEN
            EXECUTE format('CREATE VIEW %1$s_of WITH (security_invoker = true) AS SELECT t.id, t.body, p.code FROM %1$s t LEFT JOIN %1$s p ON p.id = t.parent_id WHERE t.code IN (''a'', ''b'')', name);
            EXECUTE format('CREATE FUNCTION %1$s_count(kinds varchar[]) RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM %1$s_of WHERE code = ANY (kinds); END', name);
            EXECUTE format('CREATE FUNCTION %1$s_made(at timestamptz DEFAULT now()) RETURNS SETOF %1$s LANGUAGE plpgsql AS $f$ BEGIN RETURN QUERY SELECT * FROM %1$s WHERE made_at > at; END $f$', name);
        END IF;
    END LOOP;
    FOR n IN 1..20 LOOP
        name := format('area_%s.events', n);
        EXECUTE format('CREATE TABLE %s (id bigint NOT NULL, at date NOT NULL, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)', name);
        EXECUTE format('CREATE INDEX ON %s (at, note)', name);
        FOR year IN 2020..2029 LOOP
            EXECUTE format('CREATE TABLE %1$s_%2$s PARTITION OF %1$s FOR VALUES FROM (''%2$s-01-01'') TO (''%3$s-01-01'')', name, year, year + 1);
        END LOOP;
        EXECUTE format('CREATE MATERIALIZED VIEW area_%s.yearly AS SELECT extract(year FROM at) AS year, count(*) AS n FROM %s GROUP BY 1', n, name);
    END LOOP;
END $make$;
