-- Operators; one that is only announced, by another that names it, is left to the guard.
SELECT o.oid, n.nspname::text AS schema, o.oprname::text AS name, o.oid::regoperator::text AS sql,
       quote_ident(nullif(pg_get_userbyid(o.oprowner), current_user)) AS owner,
       'CREATE OPERATOR ' || CASE n.nspname WHEN 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END || o.oprname
       || E' (\n    ' || concat_ws(E',\n    ',
           'FUNCTION = ' || o.oprcode::regproc,
           CASE WHEN o.oprleft <> 0 THEN 'LEFTARG = ' || format_type(o.oprleft, NULL) END,
           CASE WHEN o.oprright <> 0 THEN 'RIGHTARG = ' || format_type(o.oprright, NULL) END,
           (SELECT 'COMMUTATOR = OPERATOR(' || quote_ident(s.nspname) || '.' || c.oprname || ')'
            FROM pg_operator c JOIN pg_namespace s ON s.oid = c.oprnamespace WHERE c.oid = o.oprcom),
           (SELECT 'NEGATOR = OPERATOR(' || quote_ident(s.nspname) || '.' || c.oprname || ')'
            FROM pg_operator c JOIN pg_namespace s ON s.oid = c.oprnamespace WHERE c.oid = o.oprnegate),
           CASE WHEN o.oprrest <> 0 THEN 'RESTRICT = ' || o.oprrest::regproc END,
           CASE WHEN o.oprjoin <> 0 THEN 'JOIN = ' || o.oprjoin::regproc END,
           CASE WHEN o.oprcanhash THEN 'HASHES' END,
           CASE WHEN o.oprcanmerge THEN 'MERGES' END
       ) || E'\n)' AS definition,
       NULL AS alteration
FROM pg_operator o
JOIN pg_namespace n ON n.oid = o.oprnamespace
WHERE o.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_operator'::regclass AND e.objid = o.oid AND e.deptype = 'e'
  )
  AND o.oprcode <> 0
