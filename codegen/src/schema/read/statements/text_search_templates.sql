SELECT t.oid, n.nspname::text AS schema, t.tmplname::text AS name, parts.name AS sql, NULL AS owner,
       'CREATE TEXT SEARCH TEMPLATE ' || parts.name || ' (' || concat_ws(', ',
           CASE WHEN t.tmplinit <> 0 THEN 'INIT = ' || t.tmplinit::regproc END, 'LEXIZE = ' || t.tmpllexize::regproc
       ) || ')' AS definition,
       NULL AS alteration
FROM pg_ts_template t
JOIN pg_namespace n ON n.oid = t.tmplnamespace
CROSS JOIN LATERAL (SELECT CASE n.nspname WHEN 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(t.tmplname) AS name) parts
WHERE t.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_ts_template'::regclass AND e.objid = t.oid AND e.deptype = 'e'
  )
