SELECT c.oid, n.nspname::text AS schema, c.conname::text AS name, parts.name AS sql,
       quote_ident(nullif(pg_get_userbyid(c.conowner), current_user)) AS owner,
       'CREATE ' || CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END || 'CONVERSION ' || parts.name
       || ' FOR ' || quote_literal(pg_encoding_to_char(c.conforencoding))
       || ' TO ' || quote_literal(pg_encoding_to_char(c.contoencoding)) || ' FROM ' || c.conproc::regproc AS definition,
       NULL AS alteration
FROM pg_conversion c
JOIN pg_namespace n ON n.oid = c.connamespace
CROSS JOIN LATERAL (SELECT CASE n.nspname WHEN 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(c.conname) AS name) parts
WHERE c.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_conversion'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
