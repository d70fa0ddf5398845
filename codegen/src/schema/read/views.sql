SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, c.oid::regclass::text AS sql,
       quote_ident(nullif(pg_get_userbyid(c.relowner), current_user)) AS owner,
       c.relkind = 'm' AS materialized, c.relispopulated AS populated,
       rtrim(pg_get_viewdef(c.oid, true), ';') AS query,
       quote_ident(nullif(m.amname, 'heap')) AS access_method,
       current_setting('server_version_num')::int4 < 160000 AS qualified,
       array(
           SELECT quote_ident(o.option_name) || ' = ' || CASE
               WHEN o.option_value ~ '^([0-9.]+|true|false|on|off|local|cascaded)$' THEN o.option_value
               ELSE quote_literal(o.option_value) END
           FROM pg_options_to_table(c.reloptions) o ORDER BY o.option_name COLLATE "C"
       ) AS options
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_am m ON m.oid = c.relam
WHERE c.relkind IN ('v', 'm') AND c.oid >= 16384 AND c.relpersistence <> 't'
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
