-- Every type a query can mention, with what it is made of. Row types of the system's own
-- relations are left out: nobody selects them whole.
SELECT t.oid::int8 AS oid,
       n.nspname::text AS schema,
       t.typname::text AS name,
       pg_catalog.format_type(t.oid, NULL) AS sql_name,
       t.typtype::text AS kind,
       t.typelem::int8 AS element,
       -- True arrays, as Postgres itself tells them apart (its macro IsTrueArrayType).
       t.typsubscript = 'pg_catalog.array_subscript_handler'::pg_catalog.regproc AS is_array,
       t.typbasetype::int8 AS base,
       t.typarray::int8 AS array_type,
       t.typnotnull OR EXISTS (
           SELECT FROM pg_catalog.pg_constraint k
           WHERE k.contypid = t.oid AND k.contype = 'c'
             AND pg_catalog.pg_get_constraintdef(k.oid) LIKE 'CHECK ((VALUE IS NOT NULL))%') AS not_null,
       COALESCE(r.rngsubtype, 0)::int8 AS range_element,
       COALESCE(
           (SELECT pg_catalog.array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
            FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid),
           '{}') AS labels,
       COALESCE(
           (SELECT pg_catalog.array_agg(a.attname::text ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
           '{}') AS field_names,
       COALESCE(
           (SELECT pg_catalog.array_agg(a.atttypid::int8 ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
           '{}') AS field_types
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
WHERE NOT (t.typtype = 'c' AND n.nspname IN ('pg_catalog', 'information_schema', 'pg_toast'))
