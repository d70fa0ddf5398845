-- What `=` means: the B-tree families in which an operator is the equality (strategy 3), and the
-- collations by which strings of different bytes can be equal, which have no operator.
SELECT o.oid::int8 AS operator, o.oprcode::pg_catalog.oid::int8 AS function, a.amopfamily::int8 AS family,
       0::int8 AS collation
FROM pg_catalog.pg_amop a
JOIN pg_catalog.pg_am m ON m.oid = a.amopmethod AND m.amname = 'btree'
JOIN pg_catalog.pg_operator o ON o.oid = a.amopopr
WHERE a.amopstrategy = 3 AND a.amoppurpose = 's'
UNION ALL
SELECT 0, 0, 0, c.oid::int8 FROM pg_catalog.pg_collation c WHERE NOT c.collisdeterministic
