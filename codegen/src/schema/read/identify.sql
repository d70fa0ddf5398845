-- What Postgres calls the objects whose prefix, catalog, number and part are given.
SELECT missed.prefix || object.type AS kind, coalesce(object.identity, missed.number::text) AS name
FROM unnest($1::text[], $2::text[], $3::oid[], $4::int4[]) AS missed (prefix, class, number, part)
CROSS JOIN LATERAL pg_identify_object(
    ('pg_catalog.' || missed.class)::regclass, missed.number, missed.part
) AS object
-- DROP SUBSCRIPTION leaves its comment, which is of no object then.
WHERE object.identity IS NOT NULL
