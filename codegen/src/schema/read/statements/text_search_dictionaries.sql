SELECT d.oid, n.nspname::text AS schema, d.dictname::text AS name, parts.name AS sql,
       quote_ident(nullif(pg_get_userbyid(d.dictowner), current_user)) AS owner,
       'CREATE TEXT SEARCH DICTIONARY ' || parts.name || ' (TEMPLATE = '
       || CASE s.nspname WHEN 'pg_catalog' THEN '' ELSE quote_ident(s.nspname) || '.' END || quote_ident(t.tmplname)
       || coalesce(', ' || nullif(d.dictinitoption, ''), '') || ')' AS definition,
       NULL AS alteration
FROM pg_ts_dict d
JOIN pg_namespace n ON n.oid = d.dictnamespace
JOIN pg_ts_template t ON t.oid = d.dicttemplate
JOIN pg_namespace s ON s.oid = t.tmplnamespace
CROSS JOIN LATERAL (SELECT CASE n.nspname WHEN 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(d.dictname) AS name) parts
WHERE d.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_ts_dict'::regclass AND e.objid = d.oid AND e.deptype = 'e'
  )
