-- Relations with their columns. `proved` says that every row the relation can give has a value
-- there: the column is NOT NULL here and, under the same name, in every descendant, none of which
-- is a foreign table, for which Postgres does not check; and the constraint is validated (18).
SELECT c.oid::int8 AS oid,
       c.relname::text AS name,
       c.oid::pg_catalog.regclass::text AS sql_name,
       c.relkind::text AS kind,
       c.relkind <> 'v' AND c.relhasrules AS has_rules,
       EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type <> '1') AS rewrites,
       c.relkind <> 'p' AND c.relhassubclass AS has_children,
       g.insert_triggers, g.update_triggers,
       (SELECT r.ev_action::text FROM pg_catalog.pg_rewrite r
        WHERE r.ev_class = c.oid AND r.ev_type = '1' AND c.relkind = 'v') AS view_tree,
       a.numbers, a.names, a.own, a.proved, a.required, a.generated
FROM pg_catalog.pg_class c
CROSS JOIN LATERAL (
    SELECT COALESCE(pg_catalog.array_agg(a.attnum ORDER BY a.attnum), '{}') AS numbers,
           COALESCE(pg_catalog.array_agg(a.attname::text ORDER BY a.attnum), '{}') AS names,
           -- A partitioned table has no rows but those of its partitions, which an INSERT returns as well.
           COALESCE(pg_catalog.array_agg(n.own AND (n.descendants OR c.relkind <> 'p') ORDER BY a.attnum), '{}') AS own,
           COALESCE(pg_catalog.array_agg(f.required ORDER BY a.attnum), '{}') AS required,
           COALESCE(pg_catalog.array_agg(a.attgenerated <> '' OR s.generated ORDER BY a.attnum), '{}') AS generated,
           COALESCE(pg_catalog.array_agg(n.own AND n.descendants ORDER BY a.attnum), '{}') AS proved
    FROM pg_catalog.pg_attribute a
    CROSS JOIN LATERAL (
        SELECT (a.attnotnull OR t.typnotnull) AND t.typdefault IS NULL AND NOT a.atthasdef
               AND a.attidentity = '' AND a.attgenerated = '' AS required
        FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid) f
    CROSS JOIN LATERAL (
        SELECT a.attnotnull AND c.relkind <> 'f' AND NOT EXISTS (
                   SELECT FROM pg_catalog.pg_constraint k
                   WHERE k.conrelid = c.oid AND k.contype = 'n' AND NOT k.convalidated
                     AND k.conkey = ARRAY[a.attnum]) AS own,
               NOT EXISTS (
                   WITH RECURSIVE descendant AS (
                       SELECT i.inhrelid AS oid FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid
                       UNION
                       SELECT i.inhrelid FROM pg_catalog.pg_inherits i
                       JOIN descendant d ON d.oid = i.inhparent)
                   SELECT FROM descendant d
                   JOIN pg_catalog.pg_class dc ON dc.oid = d.oid
                   LEFT JOIN pg_catalog.pg_attribute da
                          ON da.attrelid = d.oid AND da.attname = a.attname
                   WHERE dc.relkind = 'f' OR da.attnotnull IS NOT TRUE OR EXISTS (
                       SELECT FROM pg_catalog.pg_constraint k
                       WHERE k.conrelid = d.oid AND k.contype = 'n' AND NOT k.convalidated
                         AND k.conkey = ARRAY[da.attnum])) AS descendants) n
    CROSS JOIN LATERAL (
        -- A child may compute what its parent only holds (before 16).
        WITH RECURSIVE descendant AS (
            SELECT i.inhrelid AS oid FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid
            UNION
            SELECT i.inhrelid FROM pg_catalog.pg_inherits i
            JOIN descendant d ON d.oid = i.inhparent)
        SELECT EXISTS (
            SELECT FROM descendant d
            JOIN pg_catalog.pg_attribute da ON da.attrelid = d.oid AND da.attname = a.attname
            WHERE da.attgenerated <> '') AS generated) s
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) a
CROSS JOIN LATERAL (
    -- Bits of `tgtype`: 1 for each row, 2 before, 4 INSERT, 16 UPDATE, 64 instead. Partitions have
    -- their own, and a foreign one has those of another server.
    WITH RECURSIVE below AS (
        SELECT c.oid
        UNION
        SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN below b ON b.oid = i.inhparent)
    SELECT COALESCE(pg_catalog.bool_or(t.tgtype::int4 & 7 = 7 OR t.tgtype::int4 & 69 = 69 OR k.relkind = 'f'), false) AS insert_triggers,
           COALESCE(pg_catalog.bool_or(t.tgtype::int4 & 19 = 19 OR t.tgtype::int4 & 81 = 81 OR k.relkind = 'f'), false) AS update_triggers
    FROM below b
    JOIN pg_catalog.pg_class k ON k.oid = b.oid
    LEFT JOIN pg_catalog.pg_trigger t ON t.tgrelid = b.oid AND NOT t.tgisinternal) g
WHERE c.oid = ANY ($1::pg_catalog.oid[])
