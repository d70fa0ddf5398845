-- Foreign keys from one table of organizations to another that would let a row point at a row of another organization.
SELECT k.conrelid::regclass || ': ' || pg_get_constraintdef(k.oid)
FROM pg_constraint k
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attname = 'organization_id'
JOIN pg_attribute f ON f.attrelid = k.confrelid AND f.attname = 'organization_id'
WHERE k.contype = 'f'
  AND NOT COALESCE(k.confkey[array_position(k.conkey, a.attnum)] = f.attnum, false)
ORDER BY 1;
