-- The session of this connection: its identity, the token of its startup message, and whether it takes writes.
SELECT
    a.pid,
    -- Microseconds since 1970, which compare exactly and need no quotes.
    (EXTRACT(EPOCH FROM a.backend_start) OPERATOR(pg_catalog.*) 1000000)::pg_catalog.int8 AS started,
    pg_catalog.current_setting('xact.pool', true) AS token,
    pg_catalog.pg_is_in_recovery() AS in_recovery,
    pg_catalog.current_setting('default_transaction_read_only')::pg_catalog.bool AS read_only
FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) AS a
