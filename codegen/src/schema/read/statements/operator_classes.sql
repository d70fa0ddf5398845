-- Operator classes. One without members must still say something: that it stores its own type.
SELECT c.oid, n.nspname::text AS schema, c.opcname::text AS name, parts.name AS sql,
       quote_ident(nullif(pg_get_userbyid(c.opcowner), current_user)) AS owner,
       'CREATE OPERATOR CLASS ' || parts.bare || CASE WHEN c.opcdefault THEN ' DEFAULT' ELSE '' END
       || ' FOR TYPE ' || format_type(c.opcintype, NULL) || ' USING ' || quote_ident(m.amname)
       || ' FAMILY ' || CASE s.nspname WHEN 'public' THEN '' ELSE quote_ident(s.nspname) || '.' END || quote_ident(f.opfname) || E' AS\n    ' || coalesce(nullif(concat_ws(E',\n    ',
           (
           SELECT string_agg(member.sql, E',\n    ' ORDER BY member.rank, member.number, member.sql)
           FROM (
               SELECT 1 AS rank, p.amopstrategy AS number,
                      'OPERATOR ' || p.amopstrategy || ' ' || p.amopopr::regoperator
                      || coalesce(' FOR ORDER BY ' || quote_ident(sn.nspname) || '.' || quote_ident(sf.opfname), '') AS sql
               FROM pg_amop p
               JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = p.oid
                   AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid
               LEFT JOIN pg_opfamily sf ON sf.oid = p.amopsortfamily
               LEFT JOIN pg_namespace sn ON sn.oid = sf.opfnamespace
               UNION ALL
               SELECT 2, p.amprocnum,
                      'FUNCTION ' || p.amprocnum || ' (' || format_type(p.amproclefttype, NULL) || ', '
                      || format_type(p.amprocrighttype, NULL) || ') ' || p.amproc::regprocedure
               FROM pg_amproc p
               JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = p.oid
                   AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid
           ) member
       ),
           CASE WHEN c.opckeytype <> 0 THEN 'STORAGE ' || format_type(c.opckeytype, NULL) END
       ), ''), 'STORAGE ' || format_type(c.opcintype, NULL)) AS definition,
       NULL AS alteration
FROM pg_opclass c
JOIN pg_namespace n ON n.oid = c.opcnamespace
JOIN pg_am m ON m.oid = c.opcmethod
JOIN pg_opfamily f ON f.oid = c.opcfamily
JOIN pg_namespace s ON s.oid = f.opfnamespace
CROSS JOIN LATERAL (SELECT CASE n.nspname WHEN 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(c.opcname) AS bare) bare
CROSS JOIN LATERAL (SELECT bare.bare, bare.bare || ' USING ' || quote_ident(m.amname) AS name) parts
WHERE c.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_opclass'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
