SELECT
    s.relid::regclass::text AS name,
    greatest(c.reltuples, 0)::bigint AS rows,
    pg_total_relation_size(s.relid) AS bytes,
    pg_indexes_size(s.relid) AS index_bytes,
    coalesce(s.n_live_tup, 0) AS live,
    coalesce(s.n_dead_tup, 0) AS dead
FROM pg_catalog.pg_stat_user_tables s
JOIN pg_catalog.pg_class c ON c.oid = s.relid
ORDER BY bytes DESC, name
