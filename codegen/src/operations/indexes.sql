-- A unique index works also when nobody reads by it.
SELECT
    s.indexrelid::regclass::text AS name,
    s.relid::regclass::text AS table_name,
    pg_relation_size(s.indexrelid) AS bytes,
    s.idx_scan AS scans,
    s.idx_scan = 0 AND NOT i.indisunique AND i.indisvalid
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint o WHERE o.conindid = s.indexrelid) AS unused,
    i.indisvalid AS valid
FROM pg_catalog.pg_stat_user_indexes s
JOIN pg_catalog.pg_index i ON i.indexrelid = s.indexrelid
ORDER BY bytes DESC, name
