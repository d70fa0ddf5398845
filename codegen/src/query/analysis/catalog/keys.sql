-- Unique keys that hold at every moment: not partial, checked at once. A column whose number is 0 is the next of
-- `expressions`, and `definitions` are what people call each of them.
-- `families` are the operator families whose `=` decides what is a duplicate.
SELECT i.indrelid::int8 AS table_oid,
       n.relname::text AS name,
       COALESCE(k.contype::text, 'i') AS kind,
       c.columns, c.families, c.collations, c.definitions, i.indexprs::text AS expressions
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class n ON n.oid = i.indexrelid
JOIN pg_catalog.pg_am m ON m.oid = n.relam AND m.amname = 'btree'
LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u')
CROSS JOIN LATERAL (
    SELECT pg_catalog.array_agg(i.indkey[p]::int4 ORDER BY p) AS columns,
           pg_catalog.array_agg(o.opcfamily::int8 ORDER BY p) AS families,
           pg_catalog.array_agg(i.indcollation[p]::int8 ORDER BY p) AS collations,
           pg_catalog.array_agg(pg_catalog.pg_get_indexdef(i.indexrelid, p + 1, true) ORDER BY p) AS definitions
    FROM pg_catalog.generate_series(0, i.indnkeyatts - 1) p
    JOIN pg_catalog.pg_opclass o ON o.oid = i.indclass[p]) c
WHERE i.indrelid = ANY ($1::pg_catalog.oid[])
  AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indislive AND NOT i.indisexclusion
  AND i.indpred IS NULL
ORDER BY i.indrelid, i.indisprimary DESC, n.relname
