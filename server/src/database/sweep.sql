-- The test databases that no process is going to use again, and whether each was a shared one. `names.rs` explains the
-- parts of a name, and `names::mark_good_for` writes the comments.
WITH made AS (
    SELECT datname::text AS name,
           split_part(datname, '_', 2) AS kind,
           split_part(datname, '_', 3) AS hash,
           split_part(datname, '_', 4) AS owner,
           substring(shobj_description(oid, 'pg_database') FROM '^xact: until (\d+)$')::bigint AS until
    FROM pg_database
    WHERE datname ~ '^xact_(template|building|stock|test|shared)_[0-9a-f]{16}'
)
SELECT name, kind = 'shared'
FROM made
WHERE CASE
    WHEN until IS NOT NULL AND kind <> 'building' THEN until < extract(epoch FROM now())
    WHEN kind = 'stock' THEN NOT EXISTS (SELECT FROM made t WHERE t.kind = 'template' AND t.hash = made.hash)
    WHEN kind = 'shared' THEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = name)
    WHEN kind IN ('building', 'test')
        THEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'xact_keeper_' || owner)
    ELSE false
END;
