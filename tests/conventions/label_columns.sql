-- Columns that a table of labels is named after, or that are named as if they held a label, without a foreign key to one.
SELECT c.relname || '.' || a.attname
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  AND (
    a.attname ~ '(^|_)(status|role|type|kind|state|level)$'
    OR EXISTS (SELECT FROM pg_class e WHERE e.relname = a.attname || '_enum')
  )
  AND NOT EXISTS (
    SELECT FROM pg_constraint k
    JOIN pg_class e ON e.oid = k.confrelid AND e.relname LIKE '%\_enum'
    WHERE k.contype = 'f' AND k.conrelid = c.oid AND k.conkey = ARRAY[a.attnum]
  )
ORDER BY 1;
