-- Which object needs which other one to exist first.
-- Parts stand for their whole (a rule for its view, an array for its element), except where schema.sql
-- can state them later: column defaults, constraints, indexes, triggers and policies.
WITH edge AS (
    SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid
    FROM pg_depend d
    WHERE d.deptype IN ('n', 'a', 'i')
      AND d.objid >= 16384 AND d.refobjid >= 16384
      AND d.refclassid IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass)
      AND NOT EXISTS (
          SELECT FROM pg_depend e
          WHERE e.deptype = 'e' AND e.classid = d.classid AND e.objid = d.objid
      )
      AND NOT EXISTS (
          SELECT FROM pg_depend e
          WHERE e.deptype = 'e' AND e.classid = d.refclassid AND e.objid = d.refobjid
      )
), dependent AS (
    SELECT coalesce(
               CASE WHEN r.oid IS NOT NULL THEN 'pg_class' END,
               CASE WHEN c.relkind = 'c' THEN 'pg_type' END,
               CASE WHEN n.contypid <> 0 THEN 'pg_type' END,
               e.classid::regclass::text
           ) AS class,
           coalesce(r.ev_class, a.adrelid, CASE WHEN c.relkind = 'c' THEN c.reltype END,
                    nullif(n.contypid, 0), e.objid) AS oid,
           coalesce(a.adnum, 0) AS part,
           e.refclassid, e.refobjid
    FROM edge e
    LEFT JOIN pg_rewrite r ON e.classid = 'pg_rewrite'::regclass AND r.oid = e.objid AND r.rulename = '_RETURN'
    LEFT JOIN pg_attrdef a ON e.classid = 'pg_attrdef'::regclass AND a.oid = e.objid
    LEFT JOIN pg_class c ON e.classid = 'pg_class'::regclass AND c.oid = e.objid
    LEFT JOIN pg_constraint n ON e.classid = 'pg_constraint'::regclass AND n.oid = e.objid
), needed AS (
    SELECT d.class, d.oid, d.part,
           CASE
               WHEN d.refclassid = 'pg_proc'::regclass THEN 'function ' || d.refobjid::regprocedure
               WHEN c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') THEN 'relation ' || c.oid::regclass
               WHEN t.typrelid <> 0 AND t.typrelid IN (SELECT oid FROM pg_class WHERE relkind <> 'c')
                   THEN 'relation ' || t.typrelid::regclass
               WHEN t.oid IS NOT NULL THEN 'type ' || t.oid::regtype
           END AS need
    FROM dependent d
    LEFT JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
    LEFT JOIN pg_type s ON d.refclassid = 'pg_type'::regclass AND s.oid = d.refobjid
    LEFT JOIN pg_type t ON t.oid = CASE
        WHEN s.typelem <> 0 AND s.typlen = -1 THEN s.typelem
        ELSE coalesce(s.oid, CASE WHEN c.relkind = 'c' THEN c.reltype END)
    END
)
SELECT class, oid, part, array_agg(DISTINCT need) AS needs
FROM needed
WHERE need IS NOT NULL
GROUP BY class, oid, part
