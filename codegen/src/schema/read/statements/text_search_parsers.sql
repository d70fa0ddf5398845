SELECT t.oid, n.nspname::text AS schema, t.prsname::text AS name, parts.name AS sql, NULL AS owner,
       'CREATE TEXT SEARCH PARSER ' || parts.name || ' (' || concat_ws(', ',
           'START = ' || t.prsstart::regproc, 'GETTOKEN = ' || t.prstoken::regproc, 'END = ' || t.prsend::regproc,
           'LEXTYPES = ' || t.prslextype::regproc, CASE WHEN t.prsheadline <> 0 THEN 'HEADLINE = ' || t.prsheadline::regproc END
       ) || ')' AS definition,
       NULL AS alteration
FROM pg_ts_parser t
JOIN pg_namespace n ON n.oid = t.prsnamespace
CROSS JOIN LATERAL (SELECT CASE n.nspname WHEN 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(t.prsname) AS name) parts
WHERE t.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_ts_parser'::regclass AND e.objid = t.oid AND e.deptype = 'e'
  )
