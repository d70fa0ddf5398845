SELECT t.oid, c.oid AS relation, n.nspname::text AS schema, t.typname::text AS name, t.oid::regtype::text AS sql,
       quote_ident(nullif(pg_get_userbyid(t.typowner), current_user)) AS owner
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
WHERE t.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e'
  )
