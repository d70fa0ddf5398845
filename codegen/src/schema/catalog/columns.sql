-- The columns of all catalogs of this database in their order, and whether each is a list, and part of the catalog's key.
-- Catalogs that the server shares among databases are left out.
SELECT c.relname::text AS catalog, c.oid AS number, a.attname::text AS name,
       t.typcategory = 'A' AS is_list, coalesce(a.attnum = ANY (i.indkey::int2[]), false) AS is_key
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND NOT c.relisshared AND c.oid < 16384
ORDER BY c.relname, a.attnum
