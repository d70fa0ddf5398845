-- The trees of the functions made for the queries; the number is that in the function's name.
SELECT pg_catalog.substr(p.proname::text, 12)::int4 AS number,
       p.prosqlbody::text AS tree
FROM pg_catalog.pg_proc p
WHERE p.pronamespace = pg_catalog.pg_my_temp_schema() AND p.proname::text LIKE 'xact\_query\_%'
