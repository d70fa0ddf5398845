-- The numbers of the tool's own table, which sqlx names so, and of its parts: they depend on it (a), or are made with it (i).
WITH RECURSIVE parts (catalog, number) AS (
    SELECT 'pg_class'::regclass::oid, oid FROM pg_class WHERE relname = '_sqlx_migrations' AND relkind = 'r'
    UNION
    SELECT d.classid, d.objid FROM parts JOIN pg_depend d ON d.refclassid = catalog AND d.refobjid = number
    WHERE d.deptype IN ('a', 'i')
)
SELECT DISTINCT number FROM parts
