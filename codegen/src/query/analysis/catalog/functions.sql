-- Functions: how they treat NULL, and whether they are Postgres's own.
SELECT p.oid::int8 AS oid,
       p.proname::text AS name,
       p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace AND p.oid < 16384 AS built_in,
       p.proisstrict AS strict,
       p.provolatile <> 'v' AS repeatable,
       (SELECT o.oprname::text FROM pg_catalog.pg_operator o
        WHERE o.oprcode = p.oid ORDER BY o.oid LIMIT 1) AS operator
FROM pg_catalog.pg_proc p
WHERE p.oid = ANY ($1::pg_catalog.oid[])
