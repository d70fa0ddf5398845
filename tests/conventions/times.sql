-- Columns that every table has, other than those of labels, and that one lacks or has otherwise.
SELECT c.relname || '.' || wanted.name
FROM pg_class c
CROSS JOIN (VALUES
    ('created_at', 'timestamptz'::regtype, true, 'now()'),
    ('updated_at', 'timestamptz'::regtype, true, 'now()'),
    ('storytime', 'jsonb'::regtype, false, NULL)
) AS wanted (name, kind, required, "default")
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = wanted.name
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  AND c.relname NOT LIKE '%\_enum' AND c.relname <> '_sqlx_migrations'
  AND (a.atttypid, a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
      IS DISTINCT FROM (wanted.kind, wanted.required, wanted."default")
ORDER BY 1;
