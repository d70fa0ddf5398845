SELECT c.oid, c.contypid AS parent, c.conname::text AS name, quote_ident(c.conname) AS sql,
       pg_get_constraintdef(c.oid, true) AS definition, c.convalidated AS valid
FROM pg_constraint c
WHERE c.contypid <> 0 AND c.contype = 'c' AND c.oid >= 16384
