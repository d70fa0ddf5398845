-- Rows for the tables of the migration. `benches/run` passes the number of rows to stream as `events`.
INSERT INTO notes
SELECT n, timestamptz '2025-01-06' + n * interval '1 second', 'The title of note ' || n, 'some text, in every other ' || nullif(n % 2, 0)
FROM generate_series(1, 10000) n;
INSERT INTO documents SELECT n.*, 'org_019438d6e1f07c5cb9a7d1c3b2a4f5e7' FROM notes n;
INSERT INTO wide
SELECT n, timestamptz '2025-01-06' + n * interval '1 second', timestamptz '2025-02-06' + nullif(n % 2, 0) * interval '1 day',
       'The title of book ' || n, 'subtitle ' || nullif(n % 3, 0), 'author ' || n % 100, 'publisher ' || nullif(n % 5, 0),
       'en', 'https://example.com/books/' || n, 'an abstract of some words, ' || nullif(n % 2, 0),
       n % 900, nullif(n % 4, 0), 1900 + n % 125, n * 17, nullif(n % 7, 0), n / 7.0, nullif(n % 3, 0) / 10.0,
       n % 2 = 0, nullif(n % 5, 0) = 1, n % 1000
FROM generate_series(1, 10000) n;
INSERT INTO events
SELECT n, timestamptz '2025-01-06' + n * interval '1 second', 'The title of event ' || n, 'some text, in every other ' || nullif(n % 2, 0)
FROM generate_series(1, :events) n;
INSERT INTO authors SELECT n, 'author ' || n FROM generate_series(1, 100) n;
INSERT INTO books
SELECT n, (n - 1) / 20 + 1, 'The title of book ' || n, 'some text, in every other ' || nullif(n % 2, 0)
FROM generate_series(1, 2000) n;
VACUUM ANALYZE;
