-- Which object needs which other one to exist first.
-- Parts stand for their whole (a rule for its view, an array for its element), except where schema.sql
-- can state them later: column defaults, constraints, indexes, triggers and policies.
WITH edge AS MATERIALIZED (
    SELECT DISTINCT d.classid, d.objid, d.refclassid, d.refobjid
    FROM pg_depend d
    WHERE d.deptype IN ('n', 'a', 'i')
      -- That a part needs its own table goes without saying: most of all dependencies are of that kind.
      AND NOT (d.deptype = 'a' AND d.refclassid = 'pg_class'::regclass AND d.classid IN (
          'pg_constraint'::regclass, 'pg_attrdef'::regclass, 'pg_policy'::regclass
      ))
      -- An index of the columns it is on, a sequence of the column that owns it.
      AND NOT (d.deptype = 'a' AND d.refclassid = 'pg_class'::regclass AND d.classid = 'pg_class'::regclass AND d.refobjsubid <> 0)
      -- A function without the clause TRANSFORM uses none. It depends on those that were there when it was created
      -- (`ProcedureCreate`), so its place in schema.sql would depend on the order of migrations.
      AND NOT (d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_transform'::regclass AND EXISTS (
          SELECT FROM pg_proc p WHERE p.oid = d.objid AND p.protrftypes IS NULL
      ))
      -- Row and array types come by themselves with what they are of.
      AND NOT (d.deptype = 'i' AND d.classid = 'pg_type'::regclass)
      AND d.objid >= 16384 AND d.refobjid >= 16384
      AND d.refclassid IN (
          'pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass, 'pg_collation'::regclass, 'pg_am'::regclass,
          'pg_operator'::regclass, 'pg_opclass'::regclass, 'pg_opfamily'::regclass,
          'pg_ts_parser'::regclass, 'pg_ts_template'::regclass, 'pg_ts_dict'::regclass, 'pg_ts_config'::regclass,
          'pg_foreign_data_wrapper'::regclass, 'pg_foreign_server'::regclass, 'pg_transform'::regclass
      )
      AND (d.classid, d.objid) NOT IN (SELECT e.classid, e.objid FROM pg_depend e WHERE e.deptype = 'e')
      AND (d.refclassid, d.refobjid) NOT IN (SELECT e.classid, e.objid FROM pg_depend e WHERE e.deptype = 'e')
), named (class, oid, word, schema, name, method) AS (
    SELECT 'pg_am'::regclass, oid, 'access method', NULL, amname, NULL FROM pg_am
    UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, 'wrapper', NULL, fdwname, NULL FROM pg_foreign_data_wrapper
    UNION ALL SELECT 'pg_foreign_server'::regclass, oid, 'server', NULL, srvname, NULL FROM pg_foreign_server
    UNION ALL SELECT 'pg_ts_parser'::regclass, t.oid, 'parser', n.nspname, prsname, NULL
    FROM pg_ts_parser t JOIN pg_namespace n ON n.oid = prsnamespace
    UNION ALL SELECT 'pg_ts_template'::regclass, t.oid, 'template', n.nspname, tmplname, NULL
    FROM pg_ts_template t JOIN pg_namespace n ON n.oid = tmplnamespace
    UNION ALL SELECT 'pg_opclass'::regclass, c.oid, 'operator class', n.nspname, opcname, m.amname
    FROM pg_opclass c JOIN pg_namespace n ON n.oid = opcnamespace JOIN pg_am m ON m.oid = opcmethod
    UNION ALL SELECT 'pg_opfamily'::regclass, f.oid, 'operator family', n.nspname, opfname, m.amname
    FROM pg_opfamily f JOIN pg_namespace n ON n.oid = opfnamespace JOIN pg_am m ON m.oid = opfmethod
), dependent AS (
    SELECT coalesce(
               CASE WHEN r.oid IS NOT NULL THEN 'pg_class' END,
               CASE WHEN c.relkind = 'c' THEN 'pg_type' END,
               CASE WHEN n.contypid <> 0 THEN 'pg_type' END,
               m.refclassid::regclass::text,
               e.classid::regclass::text
           ) AS class,
           coalesce(r.ev_class, a.adrelid, CASE WHEN c.relkind = 'c' THEN c.reltype END,
                    nullif(n.contypid, 0), m.refobjid, e.objid) AS oid,
           coalesce(a.adnum, 0) AS part,
           e.refclassid, e.refobjid
    FROM edge e
    LEFT JOIN pg_rewrite r ON e.classid = 'pg_rewrite'::regclass AND r.oid = e.objid AND r.rulename = '_RETURN'
    LEFT JOIN pg_attrdef a ON e.classid = 'pg_attrdef'::regclass AND a.oid = e.objid
    LEFT JOIN pg_class c ON e.classid = 'pg_class'::regclass AND c.oid = e.objid
    LEFT JOIN pg_constraint n ON e.classid = 'pg_constraint'::regclass AND n.oid = e.objid
    -- Operators and functions of a class or family are listed in it.
    LEFT JOIN pg_depend m ON e.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
        AND m.classid = e.classid AND m.objid = e.objid
        AND m.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
), target AS MATERIALIZED (
    -- What each object is called is asked once, however many need it.
    SELECT r.refclassid, r.refobjid,
           CASE
               WHEN r.refclassid = 'pg_proc'::regclass THEN 'function ' || r.refobjid::regprocedure
               WHEN c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') THEN 'relation ' || c.oid::regclass
               WHEN t.typrelid <> 0 AND t.typrelid IN (SELECT oid FROM pg_class WHERE relkind <> 'c')
                   THEN 'relation ' || t.typrelid::regclass
               WHEN t.oid IS NOT NULL THEN 'type ' || t.oid::regtype
               WHEN r.refclassid = 'pg_collation'::regclass THEN 'collation ' || r.refobjid::regcollation
               WHEN r.refclassid = 'pg_operator'::regclass THEN 'operator ' || r.refobjid::regoperator
               WHEN r.refclassid = 'pg_ts_dict'::regclass THEN 'dictionary ' || r.refobjid::regdictionary
               WHEN r.refclassid = 'pg_ts_config'::regclass THEN 'configuration ' || r.refobjid::regconfig
               WHEN r.refclassid = 'pg_transform'::regclass THEN (
                   SELECT 'transform FOR ' || format_type(f.trftype, NULL) || ' LANGUAGE ' || quote_ident(l.lanname)
                   FROM pg_transform f JOIN pg_language l ON l.oid = f.trflang WHERE f.oid = r.refobjid
               )
               ELSE named.word || ' ' || CASE named.schema WHEN 'public' THEN '' ELSE coalesce(quote_ident(named.schema) || '.', '') END
                   || quote_ident(named.name) || coalesce(' USING ' || quote_ident(named.method), '')
           END AS need
    FROM (SELECT DISTINCT refclassid, refobjid FROM edge) r
    LEFT JOIN pg_class c ON r.refclassid = 'pg_class'::regclass AND c.oid = r.refobjid
    LEFT JOIN pg_type s ON r.refclassid = 'pg_type'::regclass AND s.oid = r.refobjid
    LEFT JOIN pg_type t ON t.oid = CASE
        WHEN s.typelem <> 0 AND s.typlen = -1 THEN s.typelem
        ELSE coalesce(s.oid, CASE WHEN c.relkind = 'c' THEN c.reltype END)
    END
    LEFT JOIN named ON named.class = r.refclassid AND named.oid = r.refobjid
)
SELECT d.class, d.oid, d.part, array_agg(DISTINCT t.need) AS needs
FROM dependent d
JOIN target t ON t.refclassid = d.refclassid AND t.refobjid = d.refobjid
WHERE t.need IS NOT NULL
GROUP BY d.class, d.oid, d.part
