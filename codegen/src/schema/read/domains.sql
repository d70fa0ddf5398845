SELECT t.oid, n.nspname::text AS schema, t.typname::text AS name, t.oid::regtype::text AS sql,
       quote_ident(nullif(pg_get_userbyid(t.typowner), current_user)) AS owner,
       format_type(t.typbasetype, t.typtypmod) AS base, t.typbasetype AS base_oid,
       nullif(t.typcollation, b.typcollation)::regcollation::text AS collation,
       t.typnotnull AS not_null,
       (SELECT quote_ident(c.conname) FROM pg_constraint c
        WHERE c.contypid = t.oid AND c.contype = 'n'
          AND c.conname !~ '_not_null\d*$') AS not_null_name,
       (SELECT quote_ident(c.conname) FROM pg_constraint c
        WHERE c.contypid = t.oid AND c.contype = 'n') AS not_null_constraint,
       CASE WHEN t.typdefaultbin IS NULL THEN t.typdefault ELSE pg_get_expr(t.typdefaultbin, 0, true) END AS default
FROM pg_type t
JOIN pg_type b ON b.oid = t.typbasetype
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'd' AND t.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e'
  )
