SELECT t.oid, '' AS schema, parts.name, parts.name AS sql, NULL AS owner,
       'CREATE TRANSFORM ' || parts.name || ' (' || concat_ws(', ',
           CASE WHEN t.trffromsql <> 0 THEN 'FROM SQL WITH FUNCTION ' || t.trffromsql::regprocedure END,
           CASE WHEN t.trftosql <> 0 THEN 'TO SQL WITH FUNCTION ' || t.trftosql::regprocedure END
       ) || ')' AS definition,
       NULL AS alteration
FROM pg_transform t
JOIN pg_language l ON l.oid = t.trflang
CROSS JOIN LATERAL (
    SELECT 'FOR ' || format_type(t.trftype, NULL) || ' LANGUAGE ' || quote_ident(l.lanname) AS name
) parts
WHERE t.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_transform'::regclass AND e.objid = t.oid AND e.deptype = 'e'
  )
