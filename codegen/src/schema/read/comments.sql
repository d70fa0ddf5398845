-- Every comment on an object of this database that is not part of an extension, and each that a migration wrote on one of Postgres.
-- The comment of `public` that every database starts with is not one, but its absence is.
-- Nor is the comment that an extension has from its control file, but its absence is.
-- That of a table's row type belongs to the table, under the column number -1, which no column has that can be commented.
SELECT CASE WHEN r.oid IS NULL THEN d.classoid::regclass::text ELSE 'pg_class' END AS class,
       coalesce(r.oid, d.objoid) AS oid, CASE WHEN r.oid IS NULL THEN d.objsubid ELSE -1 END AS part,
       d.description AS comment
FROM pg_description d
LEFT JOIN pg_class r ON r.reltype = CASE d.classoid WHEN 'pg_type'::regclass THEN d.objoid END AND r.relkind <> 'c'
WHERE (
    d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass AND d.objoid = to_regnamespace('public')
    -- A comment that a migration wrote on an object of Postgres. Those of initdb were written before template0 was complete, and a
    -- row keeps the number of its transaction when it is frozen (25.1.5) and copied into a new database.
    OR d.xmin::text::int8 >= (SELECT t.xmin::text::int8 FROM pg_database t WHERE t.datname = 'template0')
  )
  AND NOT (d.classoid = 'pg_namespace'::regclass AND d.objoid = to_regnamespace('public') AND d.description = 'standard public schema')
  AND NOT (d.classoid = 'pg_class'::regclass AND d.objoid IN (
      SELECT oid FROM pg_class WHERE relname = '_sqlx_migrations'
  ))
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e'
  )
  AND NOT (
      d.classoid = 'pg_extension'::regclass
      AND d.description = (
          SELECT a.comment FROM pg_extension x JOIN pg_available_extensions a ON a.name = x.extname
          WHERE x.oid = d.objoid
      )
  )
UNION ALL
SELECT 'pg_database', d.objoid, 0, d.description
FROM pg_shdescription d
WHERE d.classoid = 'pg_database'::regclass
  AND d.objoid = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL
SELECT 'pg_namespace', n.oid, 0, ''
FROM pg_namespace n
WHERE n.nspname = 'public' AND obj_description(n.oid, 'pg_namespace') IS NULL
UNION ALL
SELECT 'pg_extension', x.oid, 0, ''
FROM pg_extension x JOIN pg_available_extensions a ON a.name = x.extname
WHERE x.oid >= 16384 AND a.comment IS NOT NULL AND obj_description(x.oid, 'pg_extension') IS NULL
