-- Copies that no session uses and that are older than a minute: a process connects to its copy as soon as it has created it.
SELECT d.datname::pg_catalog.text
FROM pg_catalog.pg_database d
WHERE pg_catalog.starts_with(d.datname::pg_catalog.text, $1)
    AND pg_catalog.split_part(d.datname::pg_catalog.text, '_', 3)::pg_catalog.int8
        OPERATOR(pg_catalog.<) EXTRACT(epoch FROM pg_catalog.now())::pg_catalog.int8 OPERATOR(pg_catalog.-) $2
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid OPERATOR(pg_catalog.=) d.oid)
