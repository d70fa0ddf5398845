-- Of the given objects and columns those that no migration created, as `GRANT … ON` spells them.
SELECT given.class, given.number AS oid, given.part, quote_ident(a.attname) AS column,
       CASE
           WHEN p.prokind = 'p' THEN 'PROCEDURE'
           WHEN given.class = 'pg_proc' THEN 'FUNCTION'
           WHEN c.relkind = 'S' THEN 'SEQUENCE'
           WHEN given.class = 'pg_class' THEN 'TABLE'
           WHEN given.class = 'pg_namespace' THEN 'SCHEMA'
           WHEN given.class = 'pg_foreign_data_wrapper' THEN 'FOREIGN DATA WRAPPER'
           WHEN given.class = 'pg_foreign_server' THEN 'FOREIGN SERVER'
           ELSE upper(object.type)
       END AS kind,
       coalesce(p.oid::regprocedure::text, c.oid::regclass::text, object.identity) AS sql
FROM unnest($1::text[], $2::oid[], $3::int4[]) AS given (class, number, part)
LEFT JOIN pg_proc p ON given.class = 'pg_proc' AND p.oid = given.number
LEFT JOIN pg_class c ON given.class = 'pg_class' AND c.oid = given.number
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = given.part AND given.part <> 0
CROSS JOIN LATERAL pg_identify_object(('pg_catalog.' || given.class)::regclass, given.number, 0) AS object
-- Postgres brings the system columns of a table, which have negative numbers.
WHERE given.number < 16384 OR given.part < 0
   OR EXISTS (
       SELECT FROM pg_depend e
       WHERE e.classid = ('pg_catalog.' || given.class)::regclass AND e.objid = given.number
         -- With an extension, or by Postgres along with a type: the functions and the multirange of a range.
         AND (e.deptype = 'e' OR e.deptype = 'i' AND e.refclassid = 'pg_type'::regclass)
   )
