SELECT n.oid, n.nspname::text AS name, quote_ident(n.nspname) AS sql,
       CASE WHEN n.nspowner <> 'pg_database_owner'::regrole AND n.nspname = 'public'
                 AND pg_get_userbyid(n.nspowner) = current_user THEN 'CURRENT_USER'
            WHEN n.nspowner = 'pg_database_owner'::regrole AND n.nspname = 'public' THEN NULL
            ELSE quote_ident(nullif(pg_get_userbyid(n.nspowner), current_user)) END AS owner
FROM pg_namespace n
WHERE (n.oid >= 16384 OR n.nspname = 'public')
  AND n.nspname !~ '^pg_(temp|toast)'
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.deptype = 'e'
  )
