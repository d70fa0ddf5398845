-- Columns of tables and views and fields of composite types, dropped ones left out.
SELECT a.attrelid AS relation, a.attnum AS number, a.attname::text AS name, quote_ident(a.attname) AS sql,
       format_type(a.atttypid, a.atttypmod) AS data_type, a.atttypid AS type_oid,
       CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END AS collation,
       a.attnotnull AS not_null,
       -- Since Postgres 18 a NOT NULL has a name. One that Postgres chose goes without saying, also when table
       -- or column were renamed since, or a partition has it from its table: older servers know of none.
       (SELECT quote_ident(n.conname) FROM pg_constraint n
        WHERE n.conrelid = a.attrelid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum]
          AND n.conname !~ '_not_null\d*$') AS not_null_name,
       CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid, true) END AS default,
       CASE WHEN a.attgenerated <> '' THEN
           '(' || pg_get_expr(d.adbin, d.adrelid, true) || ')'
           || CASE a.attgenerated WHEN 's' THEN ' STORED' ELSE ' VIRTUAL' END
       END AS generated,
       d.oid AS default_oid,
       -- Since Postgres 17 a partition repeats the identity of its table, without a sequence of its own.
       CASE WHEN EXISTS (
           SELECT FROM pg_depend s
           WHERE s.classid = 'pg_class'::regclass AND s.deptype = 'i' AND s.objsubid = 0
             AND s.refclassid = 'pg_class'::regclass AND s.refobjid = a.attrelid AND s.refobjsubid = a.attnum
       ) THEN a.attidentity::text ELSE '' END AS identity,
       array_remove(ARRAY[
           CASE WHEN a.attstorage <> t.typstorage THEN 'SET STORAGE ' || CASE a.attstorage
               WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END,
           CASE a.attcompression WHEN 'p' THEN 'SET COMPRESSION pglz' WHEN 'l' THEN 'SET COMPRESSION lz4' END,
           CASE WHEN a.attstattarget >= 0 THEN 'SET STATISTICS ' || a.attstattarget END,
           (SELECT 'SET (' || string_agg(quote_ident(o.option_name) || '=' || quote_literal(o.option_value), ', '
                ORDER BY o.option_name COLLATE "C") || ')'
            FROM pg_options_to_table(a.attoptions) o)
       ], NULL) AS settings
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'c') AND a.attnum > 0 AND NOT a.attisdropped
  AND c.relpersistence <> 't' AND c.relname <> '_sqlx_migrations'
ORDER BY a.attrelid, a.attnum
