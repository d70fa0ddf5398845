-- The functions ($1) and relations ($2) that have these names, in any schema.
SELECT 'f' AS kind, p.oid::int8 AS oid, n.nspname::text AS schema, p.proname::text AS name
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE p.oid >= 16384 AND p.proname::text = ANY ($1::text[])
UNION ALL
SELECT 'r', c.oid::int8, n.nspname::text, c.relname::text
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname::text = ANY ($2::text[])
