-- The names of all functions that a query can call, and the arguments of those that have this name.
SELECT p.proname::text AS name,
       pg_catalog.array_agg(pg_catalog.pg_get_function_identity_arguments(p.oid) ORDER BY p.pronargs, p.oid)
           FILTER (WHERE p.proname OPERATOR(pg_catalog.=) $1::name) AS signatures
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
-- Functions of the server alone take or give `internal` or `cstring`.
WHERE NOT 'internal'::pg_catalog.regtype OPERATOR(pg_catalog.=) ANY (p.proargtypes::pg_catalog.oid[])
  AND NOT 'cstring'::pg_catalog.regtype OPERATOR(pg_catalog.=) ANY (p.proargtypes::pg_catalog.oid[])
  AND p.prorettype OPERATOR(pg_catalog.<>) ALL (ARRAY['internal', 'trigger', 'event_trigger']::pg_catalog.regtype[])
  AND n.nspname OPERATOR(pg_catalog.<>) 'information_schema'
GROUP BY p.proname
ORDER BY p.proname
