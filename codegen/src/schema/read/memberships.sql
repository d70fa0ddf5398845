-- Memberships of the roles named in $1, in each other and in predefined roles.
-- The options INHERIT and SET exist since Postgres 16, so they are asked for by name.
SELECT m.rolname::text AS member, quote_ident(g.rolname) AS role,
       array_remove(ARRAY[
           CASE WHEN bool_or(a.admin_option) THEN 'ADMIN OPTION' END,
           CASE WHEN bool_or((to_jsonb(a) ->> 'inherit_option')::boolean) <> m.rolinherit
               THEN 'INHERIT ' || upper(bool_or((to_jsonb(a) ->> 'inherit_option')::boolean)::text) END,
           CASE WHEN NOT bool_or((to_jsonb(a) ->> 'set_option')::boolean) THEN 'SET FALSE' END
       ], NULL) AS options
FROM pg_auth_members a
JOIN pg_roles g ON g.oid = a.roleid
JOIN pg_roles m ON m.oid = a.member
WHERE m.rolname = ANY ($1) AND (g.rolname = ANY ($1) OR g.rolname ~ '^pg_')
GROUP BY m.rolname, m.rolinherit, g.rolname
ORDER BY m.rolname, g.rolname
