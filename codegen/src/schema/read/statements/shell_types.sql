-- Types that are only announced: `CREATE TYPE name`.
SELECT t.oid, n.nspname::text AS schema, t.typname::text AS name, t.oid::regtype::text AS sql,
       quote_ident(nullif(pg_get_userbyid(t.typowner), current_user)) AS owner,
       'CREATE TYPE ' || t.oid::regtype AS definition, NULL AS alteration
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e'
  )
  AND t.typtype = 'p' AND NOT t.typisdefined
