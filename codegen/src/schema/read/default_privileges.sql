-- `ALTER DEFAULT PRIVILEGES`: a global entry replaces the kind's default, one of a schema adds to it.
WITH entry AS (
    SELECT d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype, false AS revoked, a.*
    FROM pg_default_acl d, aclexplode(d.defaclacl) a
    WHERE d.defaclnamespace <> 0 OR NOT EXISTS (
        SELECT FROM aclexplode(acldefault(replace(d.defaclobjtype::text, 'S', 's')::"char", d.defaclrole)) f
        WHERE f.grantee = a.grantee AND f.privilege_type = a.privilege_type AND f.is_grantable = a.is_grantable
    )
    UNION ALL
    SELECT d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype, true, f.*
    FROM pg_default_acl d, aclexplode(acldefault(replace(d.defaclobjtype::text, 'S', 's')::"char", d.defaclrole)) f
    WHERE d.defaclnamespace = 0 AND NOT EXISTS (
        SELECT FROM aclexplode(d.defaclacl) a
        WHERE f.grantee = a.grantee AND f.privilege_type = a.privilege_type AND f.is_grantable = a.is_grantable
    )
)
SELECT e.oid, quote_ident(nullif(pg_get_userbyid(e.defaclrole), current_user)) AS role,
       quote_ident(n.nspname) AS schema,
       CASE e.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
           WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END AS objects,
       e.revoked, e.is_grantable AND NOT e.revoked AS grantable,
       CASE e.grantee WHEN 0 THEN 'PUBLIC' WHEN current_user::regrole THEN 'CURRENT_USER'
           ELSE quote_ident(pg_get_userbyid(e.grantee)) END AS grantee,
       CASE WHEN count(*) > 1 AND count(*) = (
               SELECT count(*)
               FROM aclexplode(acldefault(replace(e.defaclobjtype::text, 'S', 's')::"char", e.defaclrole)) d
               WHERE d.grantee = e.defaclrole
           ) THEN ARRAY['ALL']
           ELSE array_agg(e.privilege_type ORDER BY array_position(
               ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'], e.privilege_type
           ), e.privilege_type)
       END AS privileges
FROM entry e
LEFT JOIN pg_namespace n ON n.oid = e.defaclnamespace
GROUP BY e.oid, e.defaclrole, n.nspname, e.defaclobjtype, e.revoked, e.is_grantable, e.grantee
