-- The functions that signatures mean; one that this server does not have is left out.
SELECT pg_catalog.to_regprocedure(s.signature)::pg_catalog.oid::int8 AS oid, s.number
FROM pg_catalog.unnest($1::pg_catalog.text[]) WITH ORDINALITY s(signature, number)
WHERE s.signature !~ '^[^a-z_"]' AND pg_catalog.to_regprocedure(s.signature) IS NOT NULL
UNION ALL
SELECT o.oprcode::pg_catalog.oid::int8, s.number
FROM pg_catalog.unnest($1::pg_catalog.text[]) WITH ORDINALITY s(signature, number)
JOIN pg_catalog.pg_operator o ON o.oid = pg_catalog.to_regoperator('pg_catalog.' || s.signature)
WHERE s.signature ~ '^[^a-z_"]'
