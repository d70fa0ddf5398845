-- The functions and operators of the list that this server has, with the types they take.
SELECT l.line, p.proname::text AS name, false AS operator,
       p.provariadic <> 0 AND p.provariadic <> '"any"'::regtype AS variadic,
       ARRAY(SELECT format_type(t, NULL)
             FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY u(t, n) ORDER BY n) AS types
FROM unnest($1::text[]) AS l(line)
JOIN pg_proc p ON p.oid = to_regprocedure(regexp_replace(l.line, '^\w+ ', ''))
WHERE l.line !~ '^\w+ [^a-z_"]'
UNION ALL
SELECT l.line, o.oprname::text, true, false,
       ARRAY(SELECT format_type(t, NULL) FROM unnest(ARRAY[o.oprleft, o.oprright]) WITH ORDINALITY u(t, n)
             WHERE t <> 0 ORDER BY n)
FROM unnest($1::text[]) AS l(line)
JOIN pg_operator o ON o.oid = to_regoperator('pg_catalog.' || regexp_replace(l.line, '^\w+ ', ''))
WHERE l.line ~ '^\w+ [^a-z_"]'
