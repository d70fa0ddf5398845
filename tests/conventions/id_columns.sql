-- Columns named after the table they point at that no foreign key holds. An id of another system ends in extid.
SELECT c.relname || '.' || a.attname
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname LIKE '%\_id'
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  AND NOT EXISTS (
    SELECT FROM pg_constraint k
    WHERE k.contype = 'f' AND k.conrelid = c.oid AND a.attnum = ANY (k.conkey)
      -- organization_id also leads the keys that keep a row within its organization.
      AND (cardinality(k.conkey) = 1 OR a.attname <> 'organization_id')
  )
ORDER BY 1;
