-- $1: the number of an advisory lock.
SELECT
    a.pid,
    coalesce(a.application_name, '') AS application,
    coalesce(a.usename, '')::text AS role,
    coalesce(a.query, '') AS statement,
    coalesce(extract(epoch FROM clock_timestamp() - a.backend_start)::bigint, 0) AS seconds
FROM pg_catalog.pg_locks l
JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory'
  AND l.granted
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
  AND l.classid = (($1::bigint >> 32) & 4294967295)::oid
  AND l.objid = ($1::bigint & 4294967295)::oid
  AND l.objsubid = 1
