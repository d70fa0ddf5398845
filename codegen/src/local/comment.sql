-- $1: a database. Its comment.
SELECT pg_catalog.shobj_description(d.oid, 'pg_database')
FROM pg_catalog.pg_database d
WHERE d.datname OPERATOR(pg_catalog.=) $1::pg_catalog.name
