SELECT a.oid, '' AS schema, a.amname::text AS name, quote_ident(a.amname) AS sql, NULL AS owner,
       'CREATE ACCESS METHOD ' || quote_ident(a.amname) || ' TYPE '
       || CASE a.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END || ' HANDLER ' || a.amhandler::regproc AS definition,
       NULL AS alteration
FROM pg_am a
WHERE a.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_am'::regclass AND e.objid = a.oid AND e.deptype = 'e'
  )
