DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'xact_bench_customer') THEN
        CREATE ROLE xact_bench_customer;
    END IF;
END $$;

CREATE TABLE teams (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE people (id bigint PRIMARY KEY, team_id bigint NOT NULL REFERENCES teams, name text NOT NULL, email text);
CREATE TABLE tags (
    person_id bigint NOT NULL REFERENCES people,
    position integer NOT NULL,
    word text NOT NULL,
    PRIMARY KEY (person_id, position)
);
CREATE INDEX ON people (team_id);
GRANT SELECT ON teams, people, tags TO xact_bench_customer;

INSERT INTO teams SELECT n, 'team ' || n FROM generate_series(1, 100) n;
INSERT INTO people
SELECT n, (n - 1) / 20 + 1, 'person ' || n, 'person' || nullif(n % 2, 0) || '@example.com' FROM generate_series(1, 2000) n;
INSERT INTO tags SELECT person, n, 'word ' || n FROM generate_series(1, 2000) person, generate_series(1, 5) n;

ANALYZE teams, people, tags;
