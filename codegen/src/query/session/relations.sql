-- The objects that an access to relations runs: `number` is an index of the arrays, `access` the bits of `AclMode` (1 INSERT, 2 SELECT, 4 UPDATE, 8 DELETE, 16 TRUNCATE). Either a function runs, or the functions of a tree, or something is done with
-- another relation. Trees that mention neither a function of the project nor one that is looked for by its OID are left out.
WITH RECURSIVE wanted AS (
    SELECT u.number::int4, u.oid, u.access
    FROM ROWS FROM (pg_catalog.unnest($1::oid[]), pg_catalog.unnest($2::int4[])) WITH ORDINALITY u(oid, access, number)),
below AS (
    SELECT w.number, w.oid, w.access FROM wanted w WHERE w.oid >= 16384
    UNION
    SELECT b.number, i.inhrelid, b.access FROM pg_catalog.pg_inherits i JOIN below b ON b.oid = i.inhparent),
relation AS (
    SELECT b.number, b.oid, b.access, c.relkind, c.relrowsecurity,
           CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name
    FROM below b
    JOIN pg_catalog.pg_class c ON c.oid = b.oid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace),
part AS (
    SELECT r.number, 'the trigger `' || t.tgname || '` of `' || r.name || '`' AS via, t.tgfoid AS function,
           t.tgqual::text AS tree, NULL::oid AS relation, NULL::int4 AS access
    FROM relation r
    JOIN pg_catalog.pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D'
    -- Bits of `tgtype`: 4 INSERT, 8 DELETE, 16 UPDATE, 32 TRUNCATE.
    WHERE (t.tgtype & 4 <> 0 AND r.access & 1 <> 0) OR (t.tgtype & 8 <> 0 AND r.access & 8 <> 0)
       OR (t.tgtype & 16 <> 0 AND r.access & 4 <> 0) OR (t.tgtype & 32 <> 0 AND r.access & 16 <> 0)
    UNION ALL
    SELECT r.number, CASE w.ev_type WHEN '1' THEN 'the view `' || r.name || '`'
                                    ELSE 'the rule `' || w.rulename || '` of `' || r.name || '`' END,
           NULL, x.tree, NULL, CASE w.ev_type WHEN '1' THEN r.access & 13 END
    FROM relation r
    JOIN pg_catalog.pg_rewrite w ON w.ev_class = r.oid AND w.ev_enabled <> 'D'
    CROSS JOIN LATERAL (VALUES (w.ev_qual::text), (w.ev_action::text)) x(tree)
    WHERE (w.ev_type = '1' AND r.relkind = 'v') OR (w.ev_type = '2' AND r.access & 4 <> 0)
       OR (w.ev_type = '3' AND r.access & 1 <> 0) OR (w.ev_type = '4' AND r.access & 8 <> 0)
    UNION ALL
    SELECT r.number, 'the expression of `' || r.name || '.' || a.attname || '`', NULL, d.adbin::text, NULL, NULL
    FROM relation r
    JOIN pg_catalog.pg_attrdef d ON d.adrelid = r.oid
    JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE r.access & 1 <> 0 OR (r.access & 4 <> 0 AND a.attgenerated <> '')
    UNION ALL
    SELECT r.number, 'the constraint `' || k.conname || '` of `' || r.name || '`', NULL, k.conbin::text, NULL, NULL
    FROM relation r
    JOIN pg_catalog.pg_constraint k ON k.conrelid = r.oid AND k.contype = 'c'
    WHERE r.access & 5 <> 0
    UNION ALL
    SELECT r.number, 'the index `' || c.relname || '` of `' || r.name || '`', NULL, x.tree, NULL, NULL
    FROM relation r
    JOIN pg_catalog.pg_index i ON i.indrelid = r.oid
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    CROSS JOIN LATERAL (VALUES (i.indexprs::text), (i.indpred::text)) x(tree)
    WHERE r.access & 5 <> 0
    UNION ALL
    SELECT r.number, 'the policy `' || p.polname || '` of `' || r.name || '`', NULL, x.tree, NULL, NULL
    FROM relation r
    JOIN pg_catalog.pg_policy p ON p.polrelid = r.oid
    CROSS JOIN LATERAL (VALUES (p.polqual::text), (p.polwithcheck::text)) x(tree)
    WHERE r.relrowsecurity
    UNION ALL
    -- Actions of a foreign key on the rows that refer: c CASCADE, n SET NULL, d SET DEFAULT.
    SELECT r.number, 'the foreign key `' || k.conname || '`', NULL, NULL, k.conrelid,
           CASE WHEN r.access & 8 <> 0 AND k.confdeltype = 'c' THEN 8 ELSE 0 END
               | CASE WHEN (r.access & 8 <> 0 AND k.confdeltype IN ('n', 'd'))
                        OR (r.access & 4 <> 0 AND k.confupdtype IN ('c', 'n', 'd')) THEN 4 ELSE 0 END
    FROM relation r
    JOIN pg_catalog.pg_constraint k ON k.confrelid = r.oid AND k.contype = 'f' AND k.conparentid = 0
    WHERE r.access & 12 <> 0)
SELECT p.number, p.via, p.function::int8 AS function, p.tree, p.relation::int8 AS relation, p.access
FROM part p
WHERE p.function IS NOT NULL OR (p.relation IS NOT NULL AND p.access <> 0)
   OR p.tree ~ ':(funcid|opfuncid|aggfnoid|winfnoid|resulttype|relid) ([0-9]{5,}|2078|28[89][0-9]) '
