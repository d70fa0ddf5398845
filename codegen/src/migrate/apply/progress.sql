-- $1: a server process. The lock that it waits for, or how far it is, in words.
WITH blockers AS (
    SELECT string_agg(
        format(
            'process %s (%s, %s for %s s: %s)',
            b.pid,
            coalesce(nullif(b.application_name, ''), 'a session without a name'),
            b.state,
            extract(epoch FROM clock_timestamp() - b.xact_start)::bigint,
            left(regexp_replace(b.query, '\s+', ' ', 'g'), 80)
        ),
        ', ' ORDER BY b.pid
    ) AS words
    FROM pg_catalog.pg_stat_activity b
    WHERE b.pid = ANY (pg_catalog.pg_blocking_pids($1))
), index_build AS (
    SELECT format(
        '%s, %s%%',
        i.phase,
        CASE WHEN i.blocks_total > 0 THEN 100 * i.blocks_done / i.blocks_total ELSE 0 END
    ) AS words
    FROM pg_catalog.pg_stat_progress_create_index i
    WHERE i.pid = $1
)
SELECT coalesce(
    (SELECT 'waits for a lock that is held by ' || words FROM blockers WHERE words IS NOT NULL),
    (SELECT words FROM index_build),
    (
        SELECT 'waits for ' || a.wait_event_type || ' ' || a.wait_event
        FROM pg_catalog.pg_stat_activity a
        WHERE a.pid = $1 AND a.wait_event_type NOT IN ('Client', 'Activity')
    )
)
