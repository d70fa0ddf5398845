SELECT c.relname || '.' || a.attname || ': ' || format_type(a.atttypid, a.atttypmod)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relnamespace = 'public'::regnamespace AND c.relname <> '_sqlx_migrations'
  AND format_type(a.atttypid, a.atttypmod) NOT IN ('bigint', 'timestamp with time zone', 'text', 'boolean', 'jsonb')
ORDER BY 1;
