-- What compares values: the operators of B-tree families, of which strategy 3 is the equality in the sense of its
-- family, and `<>`, which negates it; then the collations by which strings of different bytes can be equal.
SELECT o.oid::int8 AS operator, o.oprcode::pg_catalog.oid::int8 AS function, a.amopfamily::int8 AS family,
       0::int8 AS collation, a.amopstrategy = 3 AS equality
FROM pg_catalog.pg_amop a
JOIN pg_catalog.pg_am m ON m.oid = a.amopmethod AND m.amname = 'btree'
JOIN pg_catalog.pg_operator o ON o.oid = a.amopopr
WHERE a.amoppurpose = 's'
UNION ALL
SELECT n.oid::int8, n.oprcode::pg_catalog.oid::int8, 0, 0, false
FROM pg_catalog.pg_amop a
JOIN pg_catalog.pg_am m ON m.oid = a.amopmethod AND m.amname = 'btree'
JOIN pg_catalog.pg_operator o ON o.oid = a.amopopr
JOIN pg_catalog.pg_operator n ON n.oid = o.oprnegate
WHERE a.amoppurpose = 's' AND a.amopstrategy = 3
UNION ALL
SELECT 0, 0, 0, c.oid::int8, true FROM pg_catalog.pg_collation c WHERE NOT c.collisdeterministic
