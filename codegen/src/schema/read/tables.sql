-- Tables, partitioned ones, partitions and foreign tables among them.
SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, c.oid::regclass::text AS sql,
       quote_ident(nullif(pg_get_userbyid(c.relowner), current_user)) AS owner,
       c.relrowsecurity AS row_security, c.relforcerowsecurity AS force_row_security,
       c.relpersistence = 'u' AS unlogged,
       array(
           SELECT o.prefix || quote_ident(o.option_name) || ' = ' || CASE
               WHEN o.option_value ~ '^([0-9.]+|true|false|on|off|local|cascaded)$' THEN o.option_value
               ELSE quote_literal(o.option_value) END
           FROM (
               SELECT '' AS prefix, p.* FROM pg_options_to_table(c.reloptions) p
               UNION ALL SELECT 'toast.', p.* FROM pg_options_to_table(t.reloptions) p
           ) o
           ORDER BY o.prefix, o.option_name COLLATE "C"
       ) AS options,
       CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
       CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS partition_bound,
       CASE WHEN c.relispartition THEN (
           SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = c.oid
       ) END AS partition_of,
       array(
           SELECT h.inhparent::regclass::text FROM pg_inherits h
           WHERE h.inhrelid = c.oid AND NOT c.relispartition ORDER BY h.inhseqno
       ) AS inherits,
       nullif(c.reloftype, 0)::regtype::text AS of_type,
       (
           SELECT concat_ws(' ', 'SERVER ' || quote_ident(s.srvname), 'OPTIONS (' || (
               SELECT string_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value), ', '
                   ORDER BY o.option_name COLLATE "C")
               FROM pg_options_to_table(f.ftoptions) o
           ) || ')')
           FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver
           WHERE f.ftrelid = c.oid
       ) AS foreign,
       quote_ident(nullif(m.amname, 'heap')) AS access_method,
       CASE CASE WHEN c.relkind <> 'f' THEN c.relreplident END
           WHEN 'f' THEN 'FULL'
           WHEN 'n' THEN 'NOTHING'
           WHEN 'i' THEN 'USING INDEX ' || (
               SELECT quote_ident(x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
               WHERE i.indrelid = c.oid AND i.indisreplident
           )
       END AS replica_identity
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_am m ON m.oid = c.relam
LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
WHERE c.relkind IN ('r', 'p', 'f') AND c.oid >= 16384 AND c.relpersistence <> 't' AND c.relname <> '_sqlx_migrations'
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
