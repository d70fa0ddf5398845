DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'xact_bench_customer') THEN
        CREATE ROLE xact_bench_customer;
    END IF;
END $$;

CREATE TABLE notes (
    id bigint PRIMARY KEY,
    created_at timestamptz NOT NULL,
    title text NOT NULL,
    body text
);
GRANT SELECT, INSERT ON notes TO xact_bench_customer;

INSERT INTO notes
SELECT n, timestamptz '2025-01-06' + n * interval '1 second', 'The title of note ' || n, 'some text, in every other ' || nullif(n % 2, 0)
FROM generate_series(1, 10000) n;

ANALYZE notes;
