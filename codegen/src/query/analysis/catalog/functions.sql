-- Functions: how they treat NULL, and whether they are Postgres's own, or those of an extension: members of it in C, not
-- functions in SQL whose text ALTER EXTENSION … ADD made a member.
SELECT p.oid::int8 AS oid,
       p.proname::text AS name,
       p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace AND p.oid < 16384 AS built_in,
       p.proisstrict AS strict,
       p.provolatile <> 'v' AS repeatable,
       -- `anyelement` and the other types of 38.2.5: that of the result follows from those of the arguments.
       p.prorettype = ANY (ARRAY['anyelement', 'anyarray', 'anynonarray', 'anycompatible', 'anycompatiblearray',
           'anycompatiblenonarray']::pg_catalog.regtype[]) AS polymorphic,
       (SELECT e.extname::text
        FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
        WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e'
          AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
          AND p.prolang IN (SELECT l.oid FROM pg_catalog.pg_language l WHERE l.lanname IN ('c', 'internal'))) AS extension,
       (SELECT o.oprname::text FROM pg_catalog.pg_operator o
        WHERE o.oprcode = p.oid ORDER BY o.oid LIMIT 1) AS operator
FROM pg_catalog.pg_proc p
WHERE p.oid = ANY ($1::pg_catalog.oid[])
