SELECT t.oid, n.nspname::text AS schema, t.typname::text AS name, t.oid::regtype::text AS sql,
       quote_ident(nullif(pg_get_userbyid(t.typowner), current_user)) AS owner,
       'CREATE TYPE ' || t.oid::regtype || ' AS RANGE (' || concat_ws(', ',
           'SUBTYPE = ' || format_type(r.rngsubtype, NULL),
           CASE WHEN NOT o.opcdefault THEN
               'SUBTYPE_OPCLASS = ' || quote_ident(s.nspname) || '.' || quote_ident(o.opcname) END,
           CASE WHEN r.rngcollation <> b.typcollation THEN 'COLLATION = ' || r.rngcollation::regcollation END,
           CASE WHEN r.rngsubdiff <> 0 THEN 'SUBTYPE_DIFF = ' || r.rngsubdiff::regproc END,
           'MULTIRANGE_TYPE_NAME = ' || r.rngmultitypid::regtype
       ) || ')' AS definition,
       -- Until Postgres 16 the type of several ranges has an owner of its own, and ALTER TYPE of the range leaves it.
       CASE WHEN m.typowner <> current_user::regrole AND current_setting('server_version_num')::int4 < 170000 THEN
           'ALTER TYPE ' || m.oid::regtype || ' OWNER TO ' || m.typowner::regrole END AS alteration
FROM pg_type t
JOIN pg_range r ON r.rngtypid = t.oid
JOIN pg_type b ON b.oid = r.rngsubtype
JOIN pg_type m ON m.oid = r.rngmultitypid
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_opclass o ON o.oid = r.rngsubopc
JOIN pg_namespace s ON s.oid = o.opcnamespace
WHERE t.oid >= 16384 AND r.rngcanonical = 0
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e'
  )
