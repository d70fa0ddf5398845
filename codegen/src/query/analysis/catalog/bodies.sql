-- Functions in SQL: what they do, as a tree or else as text, and all it takes to declare such a
-- function again. `types` are those of what it returns, column by column.
SELECT p.oid::int8 AS oid,
       p.pronargs::int4 AS arguments,
       p.prosqlbody::text AS tree,
       p.prosrc::text AS source,
       p.proargdefaults::text AS defaults,
       pg_catalog.pg_get_function_arguments(p.oid)::text AS declared,
       pg_catalog.pg_get_function_result(p.oid)::text AS result,
       (SELECT pg_catalog.substr(c.setting, 13) FROM pg_catalog.unnest(p.proconfig) c(setting)
        WHERE c.setting LIKE 'search\_path=%') AS search_path,
       COALESCE(o.types, a.types, ARRAY[p.prorettype::int8]) AS types
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_language l ON l.oid = p.prolang AND l.lanname = 'sql'
JOIN pg_catalog.pg_type t ON t.oid = p.prorettype
CROSS JOIN LATERAL (
    SELECT pg_catalog.array_agg(u.type::int8 ORDER BY u.number) AS types
    FROM ROWS FROM (pg_catalog.unnest(p.proallargtypes), pg_catalog.unnest(p.proargmodes))
         WITH ORDINALITY u(type, mode, number)
    WHERE u.mode IN ('o', 'b', 't')) o
CROSS JOIN LATERAL (
    SELECT pg_catalog.array_agg(a.atttypid::int8 ORDER BY a.attnum) AS types
    FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = t.typrelid AND t.typrelid <> 0 AND a.attnum > 0) a
WHERE p.oid = ANY ($1::pg_catalog.oid[]) AND p.prokind = 'f'
