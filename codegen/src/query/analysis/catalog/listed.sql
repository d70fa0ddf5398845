-- The functions that signatures mean; one that this server does not have is left out. So is `||` of text and any type, and each
-- function in SQL like it, if a function that is not written in C casts values of some type to text: it may give NULL.
SELECT f.oid, f.number
FROM (
    SELECT pg_catalog.to_regprocedure(s.signature)::pg_catalog.oid AS function,
           pg_catalog.to_regprocedure(s.signature)::pg_catalog.oid::int8 AS oid, s.number
    FROM pg_catalog.unnest($1::pg_catalog.text[]) WITH ORDINALITY s(signature, number)
    WHERE s.signature !~ '^[^a-z_"]' AND pg_catalog.to_regprocedure(s.signature) IS NOT NULL
    UNION ALL
    SELECT o.oprcode::pg_catalog.oid, o.oprcode::pg_catalog.oid::int8, s.number
    FROM pg_catalog.unnest($1::pg_catalog.text[]) WITH ORDINALITY s(signature, number)
    JOIN pg_catalog.pg_operator o ON o.oid = pg_catalog.to_regoperator('pg_catalog.' || s.signature)
    WHERE s.signature ~ '^[^a-z_"]') f
WHERE NOT (
    EXISTS (
        SELECT FROM pg_catalog.pg_cast k
        JOIN pg_catalog.pg_proc p ON p.oid = k.castfunc
        JOIN pg_catalog.pg_language l ON l.oid = p.prolang AND l.lanname NOT IN ('c', 'internal')
        WHERE k.casttarget = 'pg_catalog.text'::pg_catalog.regtype AND p.oid >= 16384)
    AND f.function IN (
        SELECT p.oid FROM pg_catalog.pg_proc p
        JOIN pg_catalog.pg_language l ON l.oid = p.prolang AND l.lanname = 'sql'
        WHERE p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
          AND p.proargtypes::pg_catalog.oid[] && ARRAY['pg_catalog.anyelement', 'pg_catalog.anynonarray']::pg_catalog.regtype[]::pg_catalog.oid[]))
