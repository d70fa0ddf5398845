-- The constraints and unique indexes of partitions and child tables that are copies of one above, each with the one at the top.
-- A foreign key that refers to a partitioned table has copies too: of the same table, one for each partition it refers to.
WITH RECURSIVE pairs (above, below) AS (
    SELECT c.conparentid, c.oid FROM pg_constraint c WHERE c.conparentid <> 0
    UNION ALL
    -- Only the name ties a check to the one that it was inherited from.
    SELECT p.oid, c.oid
    FROM pg_constraint c
    JOIN pg_inherits h ON h.inhrelid = c.conrelid
    JOIN pg_constraint p ON p.conrelid = h.inhparent AND p.conname = c.conname AND p.contype = 'c' AND NOT p.connoinherit
    WHERE c.contype = 'c' AND c.coninhcount > 0
), copies (top, below) AS (
    SELECT p.above, p.below FROM pairs p WHERE NOT EXISTS (SELECT FROM pairs o WHERE o.below = p.above)
    UNION
    SELECT c.top, p.below FROM copies c JOIN pairs p ON p.above = c.below
), parts (top, below) AS (
    SELECT h.inhparent, h.inhrelid
    FROM pg_inherits h
    JOIN pg_index x ON x.indexrelid = h.inhparent AND x.indisunique
    WHERE NOT EXISTS (SELECT FROM pg_inherits o WHERE o.inhrelid = h.inhparent)
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = h.inhrelid AND c.contype IN ('p', 'u', 'x'))
    UNION
    SELECT p.top, h.inhrelid FROM parts p JOIN pg_inherits h ON h.inhparent = p.below
)
SELECT t.conrelid AS top_table, t.conname::text AS top_name,
       r.oid AS relation, n.nspname::text AS schema, r.relname::text AS "table", b.conname::text AS name
FROM copies c
JOIN pg_constraint t ON t.oid = c.top
JOIN pg_constraint b ON b.oid = c.below
JOIN pg_class r ON r.oid = b.conrelid
JOIN pg_namespace n ON n.oid = r.relnamespace
WHERE b.contype IN ('p', 'u', 'x', 'c', 'f')
UNION ALL
SELECT x.indrelid, t.relname::text, r.oid, n.nspname::text, r.relname::text, b.relname::text
FROM parts p
JOIN pg_class t ON t.oid = p.top
JOIN pg_index x ON x.indexrelid = p.top
JOIN pg_class b ON b.oid = p.below
JOIN pg_index y ON y.indexrelid = p.below
JOIN pg_class r ON r.oid = y.indrelid
JOIN pg_namespace n ON n.oid = r.relnamespace
