-- Indexes that no constraint owns; `USING btree`, the default, goes without saying.
-- They are found before anything is asked of them: to write one costs more than all the rest. A new database has
-- no statistics of its catalog, hence NOT IN, which is always hashed.
WITH standing AS MATERIALIZED (
    SELECT i.* FROM pg_index i
    WHERE i.indexrelid >= 16384 AND i.indisvalid
      AND i.indexrelid NOT IN (
          SELECT d.objid FROM pg_depend d
          WHERE d.classid = 'pg_class'::regclass
            AND (d.refclassid = 'pg_constraint'::regclass AND d.deptype = 'i' OR d.deptype = 'e')
      )
)
SELECT i.indexrelid AS oid, i.indrelid AS relation, n.nspname::text AS schema, x.relname::text AS name,
       x.oid::regclass::text AS sql,
       i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL AS is_unique,
       (i.indkey::int2[])[0:i.indnkeyatts - 1] AS columns,
       coalesce((i.indkey::int2[])[i.indnkeyatts:], '{}') AS included,
       m.amname::text AS method, pg_get_expr(i.indpred, i.indrelid, true) AS predicate,
       array(
           SELECT coalesce(quote_ident(a.attname), pg_get_indexdef(i.indexrelid, k.place::integer, true))
               || CASE WHEN k.collated NOT IN (0, coalesce(a.attcollation, 'default'::regcollation))
                   THEN ' COLLATE ' || k.collated::regcollation ELSE '' END
               || CASE WHEN o.opcdefault THEN '' ELSE ' ' || quote_ident(o.opcname) END
               || CASE k.option WHEN 0 THEN '' WHEN 1 THEN ' DESC NULLS LAST'
                   WHEN 2 THEN ' NULLS FIRST' ELSE ' DESC' END
           FROM unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[], i.indoption::int2[])
               WITH ORDINALITY AS k (number, class, collated, option, place)
           -- OFFSET 0, so that each is looked up and not all of them read for each index.
           CROSS JOIN LATERAL (SELECT * FROM pg_opclass o WHERE o.oid = k.class OFFSET 0) o
           LEFT JOIN LATERAL (
               SELECT * FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0 OFFSET 0
           ) a ON true
           WHERE k.place <= i.indnkeyatts
           ORDER BY k.place
       ) AS keys,
       array(
           SELECT 'ALTER COLUMN ' || a.attnum || ' SET STATISTICS ' || a.attstattarget
           FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attstattarget >= 0 ORDER BY a.attnum
       ) AS settings,
       x.relispartition AS of_parent,
       CASE WHEN i.indisclustered THEN quote_ident(x.relname) END AS clustered,
       h.inhparent::regclass::text AS parent,
       CASE WHEN starts_with(def.text, head.text || 'USING btree (')
           THEN head.text || substr(def.text, length(head.text || 'USING btree (')) ELSE def.text END AS definition
FROM standing i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class r ON r.oid = i.indrelid AND r.relkind IN ('r', 'p', 'm') AND r.relname <> '_sqlx_migrations'
JOIN pg_namespace n ON n.oid = x.relnamespace
JOIN pg_am m ON m.oid = x.relam
LEFT JOIN pg_inherits h ON h.inhrelid = x.oid
-- OFFSET 0, so that it is written once for each index and not at each mention.
CROSS JOIN LATERAL (SELECT pg_get_indexdef(i.indexrelid, 0, true) AS text OFFSET 0) def
CROSS JOIN LATERAL (
    SELECT 'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX '
        || quote_ident(x.relname) || ' ON ' || i.indrelid::regclass || ' ' AS text
) head
WHERE x.relpersistence <> 't'
