-- Extensions in the order in which they can be created: after those they require, then by name.
WITH RECURSIVE required (oid, depth) AS (
    SELECT x.oid, 0 FROM pg_extension x
    UNION
    SELECT d.objid, r.depth + 1
    FROM required r
    JOIN pg_depend d ON d.classid = 'pg_extension'::regclass AND d.refclassid = 'pg_extension'::regclass
        AND d.refobjid = r.oid
)
SELECT x.oid, x.extname::text AS name, quote_ident(x.extname) AS sql, quote_ident(n.nspname) AS schema,
       NULL AS owner
FROM pg_extension x
JOIN pg_namespace n ON n.oid = x.extnamespace
WHERE x.oid >= 16384
ORDER BY (SELECT max(r.depth) FROM required r WHERE r.oid = x.oid), x.extname
