SELECT c.oid, c.conrelid AS relation, c.conname::text AS name, quote_ident(c.conname) AS sql,
       c.contype::text AS kind, c.convalidated AS valid,
       -- Postgres leaves out how the index of a key is stored, which stands before what can be deferred.
       CASE WHEN c.contype IN ('p', 'u') AND x.reloptions IS NOT NULL THEN
           left(def.text, length(def.text) - length(def.deferred)) || ' WITH (' || (
               SELECT string_agg(quote_ident(o.option_name) || '=' || quote_literal(o.option_value), ', '
                   ORDER BY o.option_name COLLATE "C")
               FROM pg_options_to_table(x.reloptions) o
           ) || ')' || def.deferred
       ELSE def.text END AS definition,
       CASE WHEN c.contype = 'c' AND r.relkind = 'p' THEN pg_get_constraintdef(c.oid) END AS nested_definition,
       coalesce(x.relispartition, false) AS of_parent,
       CASE WHEN c.contype = 'c' AND NOT c.convalidated THEN (
           WITH RECURSIVE below (oid) AS (
               SELECT n.inhrelid FROM pg_inherits n WHERE n.inhparent = c.conrelid
               UNION SELECT n.inhrelid FROM below b JOIN pg_inherits n ON n.inhparent = b.oid
           )
           SELECT coalesce(array_agg(b.oid::regclass::text ORDER BY b.oid::regclass::text COLLATE "C")
                               FILTER (WHERE n.convalidated), '{}')
           FROM below b
           JOIN pg_constraint n ON n.conrelid = b.oid AND n.contype = 'c' AND n.conname = c.conname AND n.coninhcount > 0
           JOIN pg_class k ON k.oid = b.oid AND NOT k.relispartition
           HAVING bool_or(NOT n.convalidated)
       ) END AS valid_below,
       coalesce(c.conkey, '{}') AS columns,
       nullif(c.confrelid, 0) AS foreign_oid, nullif(c.confrelid, 0)::regclass::text AS foreign_table,
       coalesce(c.confkey, '{}') AS foreign_columns,
       CASE WHEN c.contype = 'f' THEN c.conindid::regclass::text END AS foreign_index,
       CASE WHEN c.contype IN ('p', 'u', 'x') THEN i.indexrelid END AS index_oid,
       CASE WHEN c.contype IN ('p', 'u', 'x') THEN h.inhparent::regclass::text END AS index_parent,
       CASE WHEN c.contype IN ('p', 'u', 'x') THEN i.indexrelid::regclass::text END AS index,
       CASE WHEN i.indisclustered AND c.contype IN ('p', 'u', 'x') THEN quote_ident(c.conname) END AS clustered
FROM pg_constraint c
JOIN pg_class r ON r.oid = c.conrelid AND r.relkind IN ('r', 'p', 'f') AND r.relname <> '_sqlx_migrations'
LEFT JOIN pg_index i ON i.indexrelid = c.conindid
LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
LEFT JOIN pg_class x ON x.oid = c.conindid AND c.contype IN ('p', 'u', 'x')
CROSS JOIN LATERAL (
    SELECT pg_get_constraintdef(c.oid, true) AS text,
           CASE WHEN c.condeferrable THEN ' DEFERRABLE' ELSE '' END
           || CASE WHEN c.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END AS deferred
    OFFSET 0
) def
WHERE (c.contype IN ('p', 'u', 'x', 'c', 'f') OR c.contype = 'n' AND NOT c.convalidated) AND c.oid >= 16384
  -- Checks that a table inherits come with its columns; a partition states them, to be attached.
  AND (c.conislocal OR c.coninhcount = 0 OR r.relispartition)
  -- Foreign keys of a partitioned table come to its partitions, and to those it refers to, by themselves.
  AND NOT (c.contype = 'f' AND c.conparentid <> 0)
