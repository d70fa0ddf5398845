-- $1: how the comment of a branch's database begins.
SELECT d.datname::pg_catalog.text, s.description
FROM pg_catalog.pg_database d
JOIN pg_catalog.pg_shdescription s
    ON s.objoid OPERATOR(pg_catalog.=) d.oid
    AND s.classoid OPERATOR(pg_catalog.=) 'pg_catalog.pg_database'::pg_catalog.regclass::pg_catalog.oid
WHERE pg_catalog.starts_with(s.description, $1)
ORDER BY d.datname
