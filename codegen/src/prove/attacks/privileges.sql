-- The privileges of a role on every column of the relations that are not Postgres's own.
-- A role that does not exist is an error. Without a role they are those of the user who asks.
SELECT c.oid::int8 AS relation, a.attnum AS number,
       has_schema_privilege(r.name, c.relnamespace, 'USAGE') AS visible,
       has_column_privilege(r.name, c.oid, a.attnum, 'SELECT') AS reads,
       has_column_privilege(r.name, c.oid, a.attnum, 'INSERT') AS inserts,
       has_column_privilege(r.name, c.oid, a.attnum, 'UPDATE') AS updates,
       has_table_privilege(r.name, c.oid, 'DELETE') AS deletes,
       has_table_privilege(r.name, c.oid, 'TRUNCATE') AS truncates
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN (SELECT coalesce($1::text, current_user::text)::name AS name) r
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND c.relnamespace NOT IN (SELECT n.oid FROM pg_namespace n
                             WHERE n.nspname IN ('pg_catalog', 'information_schema', 'pg_toast') OR n.nspname LIKE 'pg\_temp\_%')
