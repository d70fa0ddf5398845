-- Indexes that no constraint owns; `USING btree`, the default, goes without saying.
SELECT i.indexrelid AS oid, i.indrelid AS relation, n.nspname::text AS schema, x.relname::text AS name,
       x.oid::regclass::text AS sql,
       i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL AS is_unique,
       (i.indkey::int2[])[0:i.indnkeyatts - 1] AS columns,
       coalesce((i.indkey::int2[])[i.indnkeyatts:], '{}') AS included,
       m.amname::text AS method, pg_get_expr(i.indpred, i.indrelid, true) AS predicate,
       array(
           SELECT coalesce(quote_ident(a.attname), pg_get_indexdef(i.indexrelid, k.place, true))
               || CASE WHEN i.indcollation[k.place - 1] NOT IN (0, coalesce(a.attcollation, 'default'::regcollation))
                   THEN ' COLLATE ' || i.indcollation[k.place - 1]::regcollation ELSE '' END
               || CASE WHEN o.opcdefault THEN '' ELSE ' ' || quote_ident(o.opcname) END
               || CASE i.indoption[k.place - 1] WHEN 0 THEN '' WHEN 1 THEN ' DESC NULLS LAST'
                   WHEN 2 THEN ' NULLS FIRST' ELSE ' DESC' END
           FROM generate_series(1, i.indnkeyatts) AS k (place)
           JOIN pg_opclass o ON o.oid = i.indclass[k.place - 1]
           LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.place - 1]
               AND a.attnum <> 0
           ORDER BY k.place
       ) AS keys,
       array(
           SELECT 'ALTER COLUMN ' || a.attnum || ' SET STATISTICS ' || a.attstattarget
           FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0 ORDER BY a.attnum
       ) AS settings,
       CASE WHEN i.indisclustered THEN quote_ident(x.relname) END AS clustered,
       CASE WHEN starts_with(def.text, head.text || 'USING btree (')
           THEN head.text || substr(def.text, length(head.text || 'USING btree (')) ELSE def.text END AS definition
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class r ON r.oid = i.indrelid AND r.relkind IN ('r', 'p', 'm') AND r.relname <> '_sqlx_migrations'
JOIN pg_namespace n ON n.oid = x.relnamespace
JOIN pg_am m ON m.oid = x.relam
-- OFFSET 0, so that it is written once for each index and not at each mention.
CROSS JOIN LATERAL (SELECT pg_get_indexdef(i.indexrelid, 0, true) AS text OFFSET 0) def
CROSS JOIN LATERAL (
    SELECT 'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX '
        || quote_ident(x.relname) || ' ON ' || i.indrelid::regclass || ' ' AS text
) head
WHERE i.indexrelid >= 16384 AND x.relpersistence <> 't' AND i.indisvalid
  AND NOT EXISTS (
      SELECT FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
        AND (d.refclassid = 'pg_constraint'::regclass AND d.deptype = 'i' OR d.deptype = 'e')
  )
