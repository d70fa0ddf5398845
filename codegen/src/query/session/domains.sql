-- The checks of domains, and of those that they are domains over.
WITH RECURSIVE domain AS (
    SELECT t.oid AS asked, t.oid, t.typbasetype FROM pg_catalog.pg_type t WHERE t.oid = ANY ($1::oid[])
    UNION
    SELECT d.asked, t.oid, t.typbasetype FROM domain d JOIN pg_catalog.pg_type t ON t.oid = d.typbasetype)
SELECT d.asked::int8 AS oid, 'the constraint `' || k.conname || '` of a domain' AS via, k.conbin::text AS tree
FROM domain d
JOIN pg_catalog.pg_constraint k ON k.contypid = d.oid
WHERE k.conbin IS NOT NULL
