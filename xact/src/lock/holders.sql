-- Who holds a named advisory lock and who waits for it, the holders first, then by the time of waiting.
SELECT
    l.pid,
    a.application_name,
    a.usename::pg_catalog.text,
    pg_catalog.host(a.client_addr),
    NOT l.granted
FROM (SELECT pg_catalog.hashtextextended($1, 0) AS number) AS k
JOIN pg_catalog.pg_locks AS l
    ON l.locktype = 'advisory'
    -- A lock of one number shows as its halves, and as 1 to tell it from a lock of two numbers.
    AND l.objsubid = 1
    AND l.classid::pg_catalog.int8 = (k.number >> 32) & 4294967295
    AND l.objid::pg_catalog.int8 = k.number & 4294967295
JOIN pg_catalog.pg_database AS d ON d.oid = l.database AND d.datname = pg_catalog.current_database()
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
ORDER BY l.granted DESC, l.waitstart, l.pid
