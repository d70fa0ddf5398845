-- Rules other than the one that every view is.
SELECT r.oid, n.nspname::text AS schema, r.rulename::text AS name,
       quote_ident(r.rulename) || ' ON ' || c.oid::regclass AS sql, NULL AS owner,
       rtrim(pg_get_ruledef(r.oid, true), ';') AS definition,
       'ALTER TABLE ' || c.oid::regclass
       || CASE r.ev_enabled WHEN 'D' THEN ' DISABLE' WHEN 'R' THEN ' ENABLE REPLICA' WHEN 'A' THEN ' ENABLE ALWAYS' END
       || ' RULE ' || quote_ident(r.rulename) AS alteration
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND r.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
