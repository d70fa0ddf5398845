-- The functions and relations of the database that can leave more in a session than the usual reset undoes.
-- The words are those of words.rs; reach.rs compares the names with the words of statements.
--
-- A node is a function ('f'), the reading of a relation ('r') or the writing of one ('w'). Each arrow leads to a
-- node that this one may run. It is better to report too much than too little: a name in a comment counts as a call.
WITH RECURSIVE builtin AS (
    SELECT ':funcid (' || string_agg(oid::text, '|') || ') ' AS risky
    FROM pg_proc
    WHERE oid < 16384 AND proname ~ '(advisory_lock|setseed|_to_xml|ts_stat|ts_rewrite)'
),
-- Functions that could do it by themselves. Of C functions only those of these extensions are known not to.
root AS MATERIALIZED (
    SELECT p.oid
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang CROSS JOIN builtin
    WHERE p.oid >= 16384 AND (
        p.prosrc ~* '(\m(execute|prepare|deallocate|listen)\M|advisory_lock|setseed|_to_xml|ts_stat|ts_rewrite|u&)'
        OR l.lanname NOT IN ('sql', 'plpgsql', 'internal', 'c')
        OR l.lanname = 'c' AND p.probin !~ ('/(btree_gin|btree_gist|citext|cube|earthdistance|fuzzystrmatch|hstore|'
            'intarray|isn|lo|ltree|pg_stat_statements|pg_trgm|pgcrypto|postgis-[0-9]+|seg|unaccent|uuid-ossp|vector)$')
        OR p.prosqlbody IS NOT NULL AND p.prosqlbody::text ~ risky
    )
),
-- Where there is no root, nothing below is computed.
word AS MATERIALIZED (
    SELECT DISTINCT p.oid, w.word
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
    -- COLLATE "C", because other locales have other pairs of ASCII letters (Turkish) and are slower.
    CROSS JOIN regexp_split_to_table(lower(p.prosrc COLLATE "C"), '[^a-z0-9_]+' COLLATE "C") w(word)
    WHERE p.oid >= 16384 AND l.lanname IN ('sql', 'plpgsql') AND p.prosqlbody IS NULL AND EXISTS (SELECT FROM root)
),
writer AS MATERIALIZED (
    SELECT DISTINCT oid FROM word
    WHERE word IN ('insert', 'update', 'delete', 'merge', 'truncate', 'copy', 'alter', 'create', 'refresh', 'cluster',
        'reindex', 'analyze', 'vacuum', 'import')
),
name AS MATERIALIZED (
    SELECT 'f' AS kind, oid, proname::text AS name FROM pg_proc WHERE oid >= 16384
    UNION ALL
    SELECT 'r', oid, relname::text FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'f')
),
-- Objects that belong to a node, as pg_depend names them.
part AS MATERIALIZED (
    SELECT 'f' AS kind, oid AS owner, 'pg_proc'::regclass AS classid, oid AS objid FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT 'r', polrelid, 'pg_policy'::regclass, oid FROM pg_policy
    UNION ALL SELECT CASE ev_type WHEN '1' THEN 'r' ELSE 'w' END, ev_class, 'pg_rewrite'::regclass, oid FROM pg_rewrite
    UNION ALL SELECT 'w', tgrelid, 'pg_trigger'::regclass, oid FROM pg_trigger
    UNION ALL SELECT 'w', adrelid, 'pg_attrdef'::regclass, oid FROM pg_attrdef
    UNION ALL SELECT 'w', conrelid, 'pg_constraint'::regclass, oid FROM pg_constraint WHERE conrelid <> 0
    UNION ALL SELECT 'w', indrelid, 'pg_class'::regclass, indexrelid FROM pg_index
    UNION ALL SELECT 'w', partrelid, 'pg_class'::regclass, partrelid FROM pg_partitioned_table
),
arrow AS MATERIALIZED (
    SELECT 'f' AS kind, w.oid, n.kind AS to_kind, n.oid AS to_oid FROM word w JOIN name n ON n.name = w.word
    UNION ALL
    SELECT 'f', w.oid, 'w', n.oid FROM word w JOIN name n ON n.name = w.word AND n.kind = 'r' JOIN writer ON writer.oid = w.oid
    UNION ALL
    SELECT p.kind, p.owner, 'f', d.refobjid
    FROM pg_depend d JOIN part p ON p.classid = d.classid AND p.objid = d.objid
    WHERE d.refclassid = 'pg_proc'::regclass
    UNION ALL
    -- A function with a parsed body may write the relations that it names; a policy and the rule of a view only read.
    SELECT p.kind, p.owner, CASE p.kind WHEN 'r' THEN 'r' ELSE 'w' END, d.refobjid
    FROM pg_depend d JOIN part p ON p.classid = d.classid AND p.objid = d.objid
    WHERE d.refclassid = 'pg_class'::regclass
    UNION ALL
    -- A view can be written through.
    SELECT 'w', p.owner, 'w', d.refobjid
    FROM pg_depend d JOIN part p ON p.classid = d.classid AND p.objid = d.objid
    WHERE d.refclassid = 'pg_class'::regclass AND p.classid = 'pg_rewrite'::regclass AND p.kind = 'r'
    UNION ALL
    SELECT kind, inhparent, kind, inhrelid FROM pg_inherits CROSS JOIN (VALUES ('r'), ('w')) k(kind)
    UNION ALL
    -- CASCADE, SET NULL and SET DEFAULT change the rows that refer; other foreign keys only read, as the tables' owner.
    SELECT 'w', confrelid, 'w', conrelid FROM pg_constraint
    WHERE contype = 'f' AND (confdeltype IN ('c', 'n', 'd') OR confupdtype IN ('c', 'n', 'd'))
    UNION ALL
    SELECT 'w', oid, 'r', oid FROM name WHERE kind = 'r'
),
reaching AS (
    SELECT 'f' AS kind, oid FROM root
    UNION
    SELECT a.kind, a.oid FROM arrow a JOIN reaching r ON a.to_kind = r.kind AND a.to_oid = r.oid
),
named AS MATERIALIZED (
    SELECT r.kind, n.name FROM reaching r JOIN name n ON n.oid = r.oid AND n.kind = CASE r.kind WHEN 'f' THEN 'f' ELSE 'r' END
)
SELECT
    (
        -- Operators, casts, types, event triggers and others, which run functions that no statement names.
        EXISTS (
            SELECT FROM pg_depend d JOIN reaching r ON r.kind = 'f' AND r.oid = d.refobjid
            WHERE d.refclassid = 'pg_proc'::regclass
                AND NOT EXISTS (SELECT FROM part p WHERE p.classid = d.classid AND p.objid = d.objid)
        )
        -- Names that can be written in another way, such as those that were cut to 63 bytes.
        OR EXISTS (SELECT FROM named WHERE name !~ '^[a-z_][a-z0-9_]{0,61}$')
        OR EXISTS (SELECT FROM pg_rewrite WHERE oid >= 16384 AND ev_action::text ~ risky)
        OR EXISTS (SELECT FROM pg_attrdef WHERE adbin::text ~ risky)
        OR EXISTS (SELECT FROM pg_policy WHERE concat(polqual::text, polwithcheck::text) ~ risky)
        OR EXISTS (SELECT FROM pg_constraint WHERE oid >= 16384 AND conbin::text ~ risky)
        OR EXISTS (SELECT FROM pg_trigger WHERE tgqual::text ~ risky)
        OR EXISTS (SELECT FROM pg_type WHERE oid >= 16384 AND typdefaultbin::text ~ risky)
        OR EXISTS (SELECT FROM pg_index WHERE concat(indexprs::text, indpred::text) ~ risky)
    ) AS anywhere,
    ARRAY(SELECT DISTINCT name FROM named WHERE kind <> 'w' ORDER BY name) AS used,
    ARRAY(SELECT DISTINCT name FROM named WHERE kind = 'w' ORDER BY name) AS written
FROM builtin
