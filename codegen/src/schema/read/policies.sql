SELECT p.oid, p.polrelid AS relation, p.polname::text AS name, quote_ident(p.polname) AS sql,
       NOT p.polpermissive AS restrictive,
       CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
           WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command,
       array(
           SELECT CASE r.rolname WHEN current_user THEN 'CURRENT_USER' ELSE quote_ident(r.rolname) END
           FROM pg_roles r WHERE r.oid = ANY (p.polroles) ORDER BY r.rolname
       ) AS roles,
       pg_get_expr(p.polqual, p.polrelid, true) AS using,
       pg_get_expr(p.polwithcheck, p.polrelid, true) AS check
FROM pg_policy p
WHERE p.oid >= 16384
