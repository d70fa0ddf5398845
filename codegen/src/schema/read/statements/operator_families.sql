-- Operator families with their loose members: those of a class come with the class.
SELECT f.oid, n.nspname::text AS schema, f.opfname::text AS name, parts.name AS sql,
       quote_ident(nullif(pg_get_userbyid(f.opfowner), current_user)) AS owner,
       'CREATE OPERATOR FAMILY ' || parts.name AS definition,
       'ALTER OPERATOR FAMILY ' || parts.name || E' ADD\n    ' || (
           SELECT string_agg(member.sql, E',\n    ' ORDER BY member.rank, member.number, member.sql)
           FROM (
               SELECT 1 AS rank, p.amopstrategy AS number,
                      'OPERATOR ' || p.amopstrategy || ' ' || p.amopopr::regoperator
                      || coalesce(' FOR ORDER BY ' || quote_ident(sn.nspname) || '.' || quote_ident(sf.opfname), '') AS sql
               FROM pg_amop p
               JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = p.oid
                   AND d.refclassid = 'pg_opfamily'::regclass AND d.refobjid = f.oid
               LEFT JOIN pg_opfamily sf ON sf.oid = p.amopsortfamily
               LEFT JOIN pg_namespace sn ON sn.oid = sf.opfnamespace
               UNION ALL
               SELECT 2, p.amprocnum,
                      'FUNCTION ' || p.amprocnum || ' (' || format_type(p.amproclefttype, NULL) || ', '
                      || format_type(p.amprocrighttype, NULL) || ') ' || p.amproc::regprocedure
               FROM pg_amproc p
               JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = p.oid
                   AND d.refclassid = 'pg_opfamily'::regclass AND d.refobjid = f.oid
           ) member
       ) AS alteration
FROM pg_opfamily f
JOIN pg_namespace n ON n.oid = f.opfnamespace
JOIN pg_am m ON m.oid = f.opfmethod
CROSS JOIN LATERAL (
    SELECT CASE n.nspname WHEN 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(f.opfname) || ' USING ' || quote_ident(m.amname) AS name
) parts
WHERE f.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_opfamily'::regclass AND e.objid = f.oid AND e.deptype = 'e'
  )
