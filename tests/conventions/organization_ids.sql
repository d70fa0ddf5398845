-- Every query of a customer is narrowed to the organization, and an organization leaves with all it has.
SELECT a.attrelid::regclass::text
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
WHERE a.attname = 'organization_id'
  AND NOT (
    a.attnotnull
    AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indkey[0] = a.attnum AND i.indpred IS NULL)
    AND EXISTS (
        SELECT FROM pg_constraint k
        WHERE k.contype = 'f' AND k.conrelid = a.attrelid AND k.conkey = ARRAY[a.attnum]
          AND k.confrelid = 'organizations'::regclass AND k.confdeltype = 'c'
    )
  )
ORDER BY 1;
