-- The statements of this database that took most of its time.
SELECT
    s.query,
    s.calls,
    s.total_exec_time AS total_ms,
    s.mean_exec_time AS mean_ms,
    s.rows
FROM pg_stat_statements s
WHERE s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
ORDER BY s.total_exec_time DESC
LIMIT 20
