-- Every relation that customers have any business with: it belongs to an organization, or they have any privilege on it.
-- The tables of labels, which belong to nobody and which customers may only read, are left out.
SELECT c.oid::regclass::text AS name,
       array_agg(quote_ident(a.attname) ORDER BY a.attnum) AS columns,
       COALESCE(array_agg(quote_ident(a.attname) ORDER BY a.attnum)
           FILTER (WHERE has_column_privilege('customer', c.oid, a.attnum, 'SELECT')), '{}') AS readable,
       COALESCE(array_agg(quote_ident(a.attname) ORDER BY a.attnum)
           FILTER (WHERE has_column_privilege('customer', c.oid, a.attnum, 'INSERT')), '{}') AS insertable,
       COALESCE(array_agg(quote_ident(a.attname) ORDER BY a.attnum)
           FILTER (WHERE has_column_privilege('customer', c.oid, a.attnum, 'UPDATE')), '{}') AS updatable,
       has_table_privilege('customer', c.oid, 'DELETE') AS deletable
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND c.relnamespace <> ALL ('{pg_catalog,information_schema}'::regnamespace[])
GROUP BY c.oid
HAVING (
        bool_or(a.attname = 'organization_id')
        OR c.relname = 'organizations'
        OR has_any_column_privilege('customer', c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
        OR has_table_privilege('customer', c.oid, 'DELETE, TRUNCATE, TRIGGER')
    ) AND NOT (
        c.relname LIKE '%\_enum'
        AND array_agg(a.attname) = '{value}'
        AND NOT has_any_column_privilege('customer', c.oid, 'INSERT, UPDATE, REFERENCES')
        AND NOT has_table_privilege('customer', c.oid, 'DELETE, TRUNCATE, TRIGGER')
    )
ORDER BY name;
