-- Tables of labels that are anything else than value TEXT PRIMARY KEY, filled by the migration and readable by everybody.
SELECT c.relname::text
FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname LIKE '%\_enum'
  AND NOT (
    c.relnatts = 1
    AND EXISTS (
        SELECT FROM pg_constraint k
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum]
        WHERE k.conrelid = c.oid AND k.contype = 'p' AND a.attname = 'value' AND a.atttypid = 'text'::regtype
    )
    AND has_table_privilege('public', c.oid, 'SELECT')
    AND NOT has_table_privilege('public', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
    AND NOT has_table_privilege('customer', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
    AND query_to_xml(format('SELECT value FROM %s LIMIT 1', c.oid::regclass), false, true, '')::text LIKE '%<value>%'
  )
ORDER BY 1;
