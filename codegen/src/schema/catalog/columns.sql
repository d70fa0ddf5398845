-- The columns of all catalogs of this database in their order, and whether each is part of the catalog's key.
-- Catalogs that the server shares among databases are left out.
SELECT c.relname::text AS catalog, c.oid::int8 AS number, a.attname::text AS name, a.atttypid::regtype::text AS data_type,
       coalesce(a.attnum = ANY (i.indkey::int2[]), false) AS is_key
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND NOT c.relisshared AND c.oid < 16384
ORDER BY c.relname, a.attnum
