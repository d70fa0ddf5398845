-- The columns to which the rows of other catalogs refer.
SELECT a.attrelid AS relation, a.attnum AS number, a.attname::text AS name
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
