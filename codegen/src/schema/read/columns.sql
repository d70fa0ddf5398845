-- Columns of tables and views and fields of composite types, dropped ones left out.
-- What few columns have is looked up for those alone: the CASEs around keys save a search for each of the others.
SELECT a.attrelid AS relation, a.attnum AS number, a.attname::text AS name, quote_ident(a.attname) AS sql,
       format_type(a.atttypid, a.atttypmod) AS data_type, a.atttypid AS type_oid,
       CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END AS collation,
       a.attnotnull AND n.convalidated IS NOT FALSE AS not_null, coalesce(n.connoinherit, false) AS not_null_here,
       -- Since Postgres 18 a NOT NULL has a name. One that Postgres chose goes without saying, also when table
       -- or column were renamed since, or a partition has it from its table: older servers know of none.
       CASE WHEN n.convalidated AND n.conname !~ '_not_null\d*$' THEN quote_ident(n.conname) END AS not_null_name,
       CASE WHEN n.convalidated THEN quote_ident(n.conname) END AS not_null_constraint,
       c.reloftype <> 0 OR a.attinhcount > 0 AND NOT a.attislocal AND NOT c.relispartition AS inherited,
       array_remove(CASE WHEN a.attinhcount > 0 AND NOT a.attislocal AND NOT c.relispartition THEN ARRAY[
           CASE
               WHEN pg_get_expr(d.adbin, d.adrelid, true) IS NOT DISTINCT FROM inherited.default THEN NULL
               WHEN a.attgenerated <> '' THEN NULL
               WHEN d.adbin IS NULL THEN 'DROP DEFAULT'
               ELSE 'SET DEFAULT ' || pg_get_expr(d.adbin, d.adrelid, true)
           END,
           CASE WHEN a.attnotnull AND NOT inherited.not_null THEN 'SET NOT NULL' END
       ] ELSE '{}'::text[] END
           -- Up to Postgres 17 a child may drop it, also from a column of its own.
           || CASE WHEN NOT a.attnotnull AND inherited.not_null THEN 'DROP NOT NULL' END, NULL) AS changes,
       CASE WHEN a.attfdwoptions IS NOT NULL THEN (SELECT 'OPTIONS (' || string_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value), ', '
            ORDER BY o.option_name COLLATE "C") || ')'
        FROM pg_options_to_table(a.attfdwoptions) o) END AS options,
       CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid, true) END AS default,
       -- The stored tree names each function that it calls, those of operators too.
       EXISTS (
           SELECT FROM regexp_matches(d.adbin::text, ':(?:funcid|opfuncid) (\d+)', 'g') AS called (number)
           JOIN pg_proc f ON f.oid = called.number[1]::oid AND f.provolatile = 'v'
       ) AS default_is_volatile,
       CASE WHEN a.attgenerated <> '' THEN
           '(' || pg_get_expr(d.adbin, d.adrelid, true) || ')'
           || CASE a.attgenerated WHEN 's' THEN ' STORED' ELSE ' VIRTUAL' END
       END AS generated,
       a.attgenerated <> '' AND inherited.default IS NOT NULL AND pg_get_expr(d.adbin, d.adrelid, true) = inherited.default
           AS generated_above,
       -- A column of the table's own that Postgres merges with the parent's would take the default of that.
       a.attislocal AND d.oid IS NULL AND a.attidentity = '' AND inherited.default IS NOT NULL AS no_default,
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
           CASE WHEN a.attoptions IS NOT NULL THEN (SELECT 'SET (' || string_agg(quote_ident(o.option_name) || '=' || quote_literal(o.option_value), ', '
                ORDER BY o.option_name COLLATE "C") || ')'
            FROM pg_options_to_table(a.attoptions) o) END
       ], NULL) AS settings
FROM pg_attribute a
CROSS JOIN (SELECT current_setting('server_version_num')::int4 >= 180000 AS names_not_null) server
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = CASE WHEN a.atthasdef THEN a.attrelid END AND d.adnum = a.attnum
LEFT JOIN pg_constraint n ON n.conrelid = CASE WHEN a.attnotnull AND server.names_not_null THEN a.attrelid END
    AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum]
LEFT JOIN LATERAL (
    -- The first table that has the column gives the default, and each may give NOT NULL.
    SELECT pg_get_expr(pd.adbin, pd.adrelid, true) AS default,
           bool_or(p.attnotnull AND NOT EXISTS (
               SELECT FROM pg_constraint k
               WHERE k.conrelid = p.attrelid AND k.contype = 'n' AND k.conkey = ARRAY[p.attnum] AND k.connoinherit
           )) OVER () AS not_null
    FROM pg_inherits h
    JOIN pg_attribute p ON p.attrelid = h.inhparent AND p.attname = a.attname AND NOT p.attisdropped
    LEFT JOIN pg_attrdef pd ON pd.adrelid = p.attrelid AND pd.adnum = p.attnum
    WHERE h.inhrelid = CASE WHEN a.attinhcount > 0 AND NOT c.relispartition THEN a.attrelid END
    ORDER BY h.inhseqno LIMIT 1
) inherited ON true
WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'c', 'f') AND a.attnum > 0 AND NOT a.attisdropped
  AND c.relpersistence <> 't' AND c.relname <> '_sqlx_migrations'
ORDER BY a.attrelid, a.attnum
