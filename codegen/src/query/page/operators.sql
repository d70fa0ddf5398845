-- The operators of the B-tree families by which ORDER BY sorts: by strategy, from `<` to `>` (chapter "B-Tree Strategies").
SELECT s.amopopr::int8 AS sort, s.amopstrategy::int4 AS direction, o.amopstrategy::int4 AS strategy,
       CASE n.nspname
           WHEN 'pg_catalog' THEN p.oprname::text
           ELSE pg_catalog.format('OPERATOR(%I.%s)', n.nspname, p.oprname)
       END AS operator
FROM pg_catalog.pg_amop s
JOIN pg_catalog.pg_am m ON m.oid = s.amopmethod AND m.amname = 'btree'
JOIN pg_catalog.pg_amop o
  ON o.amopfamily = s.amopfamily AND o.amoplefttype = s.amoplefttype AND o.amoprighttype = s.amoprighttype
 AND o.amoppurpose = 's'
JOIN pg_catalog.pg_operator p ON p.oid = o.amopopr
JOIN pg_catalog.pg_namespace n ON n.oid = p.oprnamespace
WHERE s.amoppurpose = 's' AND s.amopopr = ANY ($1::pg_catalog.oid[])
ORDER BY s.amopopr, s.amopfamily, o.amopstrategy
