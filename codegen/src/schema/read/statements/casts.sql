SELECT c.oid, '' AS schema, parts.name, parts.name AS sql, NULL AS owner,
       'CREATE CAST ' || parts.name || CASE c.castmethod
           WHEN 'f' THEN ' WITH FUNCTION ' || c.castfunc::regprocedure
           WHEN 'i' THEN ' WITH INOUT'
           ELSE ' WITHOUT FUNCTION'
       END || CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END AS definition,
       NULL AS alteration
FROM pg_cast c
CROSS JOIN LATERAL (
    SELECT '(' || format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL) || ')' AS name
) parts
WHERE c.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_cast'::regclass AND e.objid = c.oid AND e.deptype IN ('e', 'i')
  )
