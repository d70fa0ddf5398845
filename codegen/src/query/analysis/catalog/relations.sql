-- Relations with their columns. `proved` says that every row the relation can give has a value
-- there: the column is NOT NULL here and, under the same name, in every descendant, none of which
-- is a foreign table, for which Postgres does not check; and the constraint is validated (18).
-- `elements_checked` says the same of the elements of an array: there is a CHECK in one of these two forms, of the
-- column or of its domain, that is validated and enforced (18), and neither its function nor its operator is a user's.
SELECT c.oid::int8 AS oid,
       c.relname::text AS name,
       c.oid::pg_catalog.regclass::text AS sql_name,
       c.relkind::text AS kind,
       c.relkind <> 'v' AND c.relhasrules AS has_rules,
       EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type <> '1') AS rewrites,
       c.relkind <> 'p' AND c.relhassubclass AS has_children,
       g.insert_triggers, g.update_triggers,
       (SELECT r.ev_action::text FROM pg_catalog.pg_rewrite r
        WHERE r.ev_class = c.oid AND r.ev_type = '1' AND c.relkind IN ('v', 'm')) AS view_tree,
       a.numbers, a.names, a.own, a.proved, a.required, a.elements_checked, a.generated
FROM pg_catalog.pg_class c
CROSS JOIN LATERAL (
    SELECT COALESCE(pg_catalog.array_agg(a.attnum ORDER BY a.attnum), '{}') AS numbers,
           COALESCE(pg_catalog.array_agg(a.attname::text ORDER BY a.attnum), '{}') AS names,
           -- A partitioned table has no rows but those of its partitions, which an INSERT returns as well.
           COALESCE(pg_catalog.array_agg(n.own AND (n.descendants OR c.relkind <> 'p') ORDER BY a.attnum), '{}') AS own,
           COALESCE(pg_catalog.array_agg(f.required ORDER BY a.attnum), '{}') AS required,
           COALESCE(pg_catalog.array_agg(e.checked ORDER BY a.attnum), '{}') AS elements_checked,
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
               NOT c.relhassubclass OR NOT EXISTS (
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
        WITH RECURSIVE domain AS (
            SELECT a.atttypid AS oid
            UNION
            SELECT t.typbasetype FROM domain d
            JOIN pg_catalog.pg_type t ON t.oid = d.oid AND t.typtype = 'd'),
        below AS (
            SELECT c.oid
            UNION
            SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN below b ON b.oid = i.inhparent)
        SELECT CASE WHEN c.relkind IN ('r', 'p') AND EXISTS (
                   SELECT FROM domain d JOIN pg_catalog.pg_type t ON t.oid = d.oid AND t.typelem <> 0 AND t.typtype <> 'd')
               THEN EXISTS (
                   SELECT FROM domain d
                   JOIN pg_catalog.pg_type t ON t.oid = d.oid AND t.typelem <> 0 AND t.typtype <> 'd'
                   -- By lists of numbers: a join would read all constraints of the database for each column.
                   JOIN pg_catalog.pg_constraint k ON k.contype = 'c' AND k.convalidated AND k.oid = ANY (ARRAY(
                       SELECT o.oid FROM pg_catalog.pg_constraint o WHERE o.conrelid = c.oid AND NOT o.connoinherit
                       UNION ALL
                       SELECT o.oid FROM pg_catalog.pg_constraint o WHERE o.contypid = ANY (ARRAY(SELECT d.oid FROM domain d))))
                   CROSS JOIN LATERAL (
                       SELECT CASE WHEN k.contypid <> 0 THEN 'VALUE' ELSE pg_catalog.quote_ident(a.attname) END AS value,
                              pg_catalog.concat('NULL::', pg_catalog.format_type(t.typelem, NULL)) AS nothing) w
                   WHERE pg_catalog.pg_get_constraintdef(k.oid) IN (
                             pg_catalog.format('CHECK ((array_position(%s, %s) IS NULL))', w.value, w.nothing),
                             pg_catalog.format('CHECK ((array_remove(%s, %s) = %s))', w.value, w.nothing, w.value))
                     AND COALESCE((pg_catalog.to_jsonb(k) ->> 'conenforced')::bool, true)
                     AND NOT EXISTS (
                         SELECT FROM pg_catalog.pg_depend d
                         WHERE d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.objid = k.oid
                           AND d.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass,
                                                'pg_catalog.pg_operator'::pg_catalog.regclass)))
               AND NOT EXISTS (
                   SELECT FROM below b JOIN pg_catalog.pg_class k ON k.oid = b.oid WHERE k.relkind = 'f')
               ELSE false END AS checked) e
     CROSS JOIN LATERAL (
        -- A child may compute what its parent only holds (before 16).
        WITH RECURSIVE descendant AS (
            SELECT i.inhrelid AS oid FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid
            UNION
            SELECT i.inhrelid FROM pg_catalog.pg_inherits i
            JOIN descendant d ON d.oid = i.inhparent)
        SELECT c.relhassubclass AND EXISTS (
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
    SELECT pg_catalog.bool_or(k.relkind = 'f' OR t.inserts) AS insert_triggers,
           pg_catalog.bool_or(k.relkind = 'f' OR t.updates) AS update_triggers
    FROM below b
    JOIN pg_catalog.pg_class k ON k.oid = b.oid
    -- An aggregate for each relation: a join would read all triggers of the database.
    CROSS JOIN LATERAL (
        SELECT COALESCE(pg_catalog.bool_or(t.tgtype::int4 & 7 = 7 OR t.tgtype::int4 & 69 = 69), false) AS inserts,
               COALESCE(pg_catalog.bool_or(t.tgtype::int4 & 19 = 19 OR t.tgtype::int4 & 81 = 81), false) AS updates
        FROM pg_catalog.pg_trigger t WHERE t.tgrelid = b.oid AND NOT t.tgisinternal) t) g
WHERE c.oid = ANY ($1::pg_catalog.oid[])
