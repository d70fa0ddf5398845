-- Which columns, keys and row types each object or part mentions, its own table's too; the types and collations of columns; and
-- of a view that reads itself and names none of its columns, that it does.
WITH self_reference AS MATERIALIZED (
    -- Up to Postgres 15 the rule of every view names the view twice, for OLD and NEW.
    SELECT r.oid, r.ev_class, regexp_count(r.ev_action::text, ':relid ' || r.ev_class || ' ')
               > CASE WHEN current_setting('server_version_num')::int4 < 160000 THEN 2 ELSE 0 END AS refers_to_itself
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class AND c.relkind = 'v'
    WHERE r.oid >= 16384 AND r.rulename = '_RETURN'
), edge AS MATERIALIZED (
    SELECT DISTINCT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid
    FROM pg_depend d
    LEFT JOIN pg_class s ON d.classid = 'pg_class'::regclass AND s.oid = d.objid AND s.relkind = 'S'
    LEFT JOIN self_reference v ON d.classid = 'pg_rewrite'::regclass AND v.oid = d.objid
    LEFT JOIN pg_type r ON d.refclassid = 'pg_type'::regclass AND r.oid = d.refobjid
    LEFT JOIN pg_type e ON e.oid = CASE WHEN r.typelem <> 0 AND r.typlen = -1 THEN r.typelem ELSE r.oid END
    WHERE d.deptype IN ('n', 'a', 'i') AND d.objid >= 16384 AND d.refobjid >= 16384
      AND CASE d.refclassid
          -- Sequences note the column that owns them in a field of their own.
          WHEN 'pg_class'::regclass THEN
              d.refobjsubid > 0 AND s.oid IS NULL OR d.classid = 'pg_publication_rel'::regclass
              OR d.deptype = 'n' AND d.refobjid = v.ev_class AND v.refers_to_itself
          -- A query that groups by a primary key and selects other columns depends on it (SQL: functional dependency).
          WHEN 'pg_constraint'::regclass THEN d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass)
          WHEN 'pg_type'::regclass THEN
              d.classid = 'pg_class'::regclass AND d.objsubid > 0
              OR d.deptype = 'n' AND e.typrelid <> 0
          WHEN 'pg_collation'::regclass THEN d.classid = 'pg_class'::regclass AND d.objsubid > 0
          ELSE false
      END
      AND (d.refclassid, d.refobjid) NOT IN (SELECT e.classid, e.objid FROM pg_depend e WHERE e.deptype = 'e')
), dependent AS (
    SELECT CASE
               WHEN r.oid IS NOT NULL THEN 'pg_class'
               WHEN n.contypid <> 0 THEN 'pg_type'
               WHEN p.oid IS NOT NULL THEN 'pg_publication'
               ELSE e.classid::regclass::text
           END AS class,
           coalesce(r.ev_class, a.adrelid, nullif(n.contypid, 0), p.prpubid, e.objid) AS oid,
           coalesce(a.adnum, e.objsubid) AS part,
           e.refclassid, e.refobjid, e.refobjsubid
    FROM edge e
    LEFT JOIN pg_rewrite r ON e.classid = 'pg_rewrite'::regclass AND r.oid = e.objid AND r.rulename = '_RETURN'
    LEFT JOIN pg_attrdef a ON e.classid = 'pg_attrdef'::regclass AND a.oid = e.objid
    LEFT JOIN pg_constraint n ON e.classid = 'pg_constraint'::regclass AND n.oid = e.objid
    LEFT JOIN pg_publication_rel p ON e.classid = 'pg_publication_rel'::regclass AND p.oid = e.objid
), target AS MATERIALIZED (
    SELECT r.refclassid, r.refobjid, r.refobjsubid,
           CASE
               WHEN a.attnum IS NOT NULL THEN 'column ' || a.attrelid::regclass || '.' || quote_ident(a.attname)
               WHEN r.refclassid = 'pg_class'::regclass THEN 'relation ' || r.refobjid::regclass
               WHEN k.oid IS NOT NULL THEN 'constraint ' || nullif(k.conrelid, 0)::regclass || '.' || quote_ident(k.conname)
               WHEN t.oid IS NOT NULL THEN 'type ' || t.oid::regtype
               ELSE 'collation ' || r.refobjid::regcollation
           END AS need
    FROM (SELECT DISTINCT refclassid, refobjid, refobjsubid FROM edge) r
    LEFT JOIN pg_attribute a ON r.refclassid = 'pg_class'::regclass AND a.attrelid = r.refobjid AND a.attnum = r.refobjsubid
    LEFT JOIN pg_constraint k ON r.refclassid = 'pg_constraint'::regclass AND k.oid = r.refobjid
    LEFT JOIN pg_type s ON r.refclassid = 'pg_type'::regclass AND s.oid = r.refobjid
    LEFT JOIN pg_type t ON t.oid = CASE WHEN s.typelem <> 0 AND s.typlen = -1 THEN s.typelem ELSE s.oid END
)
SELECT d.class, d.oid, d.part, array_agg(DISTINCT t.need) AS needs
FROM dependent d
JOIN target t ON t.refclassid = d.refclassid AND t.refobjid = d.refobjid AND t.refobjsubid = d.refobjsubid
WHERE t.need IS NOT NULL
GROUP BY d.class, d.oid, d.part
