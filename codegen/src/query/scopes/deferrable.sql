-- The deferrable unique and exclusion constraints that ON CONFLICT meets. $1 and $2 are the relation, $3 the indexes that
-- the plan names; none are all of the relation's, and then those of its partitions as well.
WITH RECURSIVE target(relid) AS (
    SELECT c.oid
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relname = $2
), written(relid, is_target) AS (
    SELECT relid, true FROM target
    UNION ALL
    SELECT i.inhrelid, false
    FROM written AS w
    JOIN pg_catalog.pg_inherits AS i ON i.inhparent = w.relid
    -- An INSERT never reaches the rows of a table that inherits without being a partition.
    JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid AND c.relispartition
    WHERE $3::text[] IS NULL
)
SELECT w.is_target, con.conname::text AS name,
       CASE n.nspname WHEN 'public' THEN pg_catalog.format('%I', c.relname)
            ELSE pg_catalog.format('%I.%I', n.nspname, c.relname) END AS relation,
       pg_catalog.quote_ident(con.conname) AS quoted,
       pg_catalog.pg_get_constraintdef(con.oid) AS definition
FROM written AS w
JOIN pg_catalog.pg_index AS i ON i.indrelid = w.relid
JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_constraint AS con ON con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x')
JOIN pg_catalog.pg_class AS c ON c.oid = w.relid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT i.indimmediate AND ($3::text[] IS NULL OR x.relname = ANY ($3::text[]))
-- A constraint of the table itself fails for every row, one of a partition for those that belong there.
ORDER BY w.is_target DESC, relation, name
LIMIT 1
