-- Roles that this database's objects mention, and those its migrations created ($1).
-- The bootstrap superuser, the current user and the predefined roles are never among them.
WITH wanted AS (
    SELECT r.oid FROM pg_roles r
    WHERE (r.rolname = ANY ($1) OR r.oid IN (
        SELECT d.refobjid FROM pg_shdepend d
        WHERE d.refclassid = 'pg_authid'::regclass
          AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        UNION ALL
        SELECT s.setrole FROM pg_db_role_setting s
        WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
        UNION ALL
        SELECT a.grantee FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = current_database()
    ))
    AND r.oid <> 10 AND r.rolname <> current_user AND r.rolname !~ '^pg_'
)
SELECT r.rolname::text AS name, quote_ident(r.rolname) AS sql,
       array_remove(ARRAY[
           CASE WHEN r.rolsuper THEN 'SUPERUSER' END,
           CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
           CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
           CASE WHEN NOT r.rolinherit THEN 'NOINHERIT' END,
           CASE WHEN r.rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,
           CASE WHEN r.rolreplication THEN 'REPLICATION' END,
           CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
           CASE WHEN r.rolconnlimit <> -1 THEN 'CONNECTION LIMIT ' || r.rolconnlimit END,
           CASE WHEN r.rolvaliduntil IS NOT NULL THEN 'VALID UNTIL ' || quote_literal(r.rolvaliduntil) END
       ], NULL) AS attributes,
       coalesce((
           SELECT s.setconfig FROM pg_db_role_setting s WHERE s.setrole = r.oid AND s.setdatabase = 0
       ), '{}') AS settings,
       shobj_description(r.oid, 'pg_authid') AS comment
FROM pg_roles r
WHERE r.oid IN (SELECT oid FROM wanted)
