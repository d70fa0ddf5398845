-- Everything about the database that neither the schema nor the text of the migrations tells: the version, the settings of the session,
-- the versions of extensions, and the OIDs of user objects, which the results hold. Context `user` and `superuser`: the others are
-- those of the server, which this program starts, and name its folders.
SELECT pg_catalog.version() AS line
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'setting', s.name, s.setting)
FROM pg_catalog.pg_settings s
WHERE s.source OPERATOR(pg_catalog.<>) 'default' AND s.context OPERATOR(pg_catalog.=) ANY (ARRAY['user', 'superuser'])
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'extension', e.extname, e.extversion)
FROM pg_catalog.pg_extension e
UNION ALL
SELECT pg_catalog.concat_ws(' ', 'objects', o.catalog,
    pg_catalog.string_agg(pg_catalog.concat_ws(' ', o.oid, o.name), ',' ORDER BY o.oid))
FROM (
    SELECT 'class' AS catalog, c.oid, c.relname AS name FROM pg_catalog.pg_class c
    UNION ALL
    SELECT 'constraint', c.oid, c.conname FROM pg_catalog.pg_constraint c
    UNION ALL
    SELECT 'operator', o.oid, o.oprname FROM pg_catalog.pg_operator o
    UNION ALL
    SELECT 'function', p.oid, p.proname FROM pg_catalog.pg_proc p
    UNION ALL
    SELECT 'type', t.oid, t.typname FROM pg_catalog.pg_type t
) o
-- FirstNormalObjectId (access/transam.h): those below are of the version.
WHERE o.oid OPERATOR(pg_catalog.>=) 16384
GROUP BY o.catalog
ORDER BY 1
