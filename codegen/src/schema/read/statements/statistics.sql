-- `pg_get_statisticsobjdef` always writes the schema of the name, which is taken off for `public`.
SELECT s.oid, n.nspname::text AS schema, s.stxname::text AS name, parts.name AS sql,
       quote_ident(nullif(pg_get_userbyid(s.stxowner), current_user)) AS owner,
       'CREATE STATISTICS ' || parts.name || substr(
           pg_get_statisticsobjdef(s.oid),
           length('CREATE STATISTICS ' || quote_ident(n.nspname) || '.' || quote_ident(s.stxname)) + 1
       ) AS definition,
       CASE WHEN s.stxstattarget >= 0
           THEN 'ALTER STATISTICS ' || parts.name || ' SET STATISTICS ' || s.stxstattarget END AS alteration
FROM pg_statistic_ext s
JOIN pg_namespace n ON n.oid = s.stxnamespace
CROSS JOIN LATERAL (
    SELECT CASE n.nspname WHEN 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END
        || quote_ident(s.stxname) AS name
) parts
WHERE s.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_statistic_ext'::regclass AND e.objid = s.oid AND e.deptype = 'e'
  )
