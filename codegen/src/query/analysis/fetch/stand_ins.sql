-- The functions that stand for parameters.
SELECT p.oid AS oid
FROM pg_catalog.pg_proc p
WHERE p.pronamespace = pg_catalog.pg_my_temp_schema() AND p.proname::text LIKE 'xact\_parameter\_%'
