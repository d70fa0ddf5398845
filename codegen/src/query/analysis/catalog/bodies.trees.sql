-- The trees of the functions that were declared again; the number is that of the original.
SELECT pg_catalog.substr(p.proname::text, 11)::int8 AS oid,
       p.prosqlbody::text AS tree
FROM pg_catalog.pg_proc p
WHERE p.pronamespace = pg_catalog.pg_my_temp_schema() AND p.proname::text LIKE 'xact\_body\_%'
