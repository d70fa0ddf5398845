-- Every difference between the privileges on an object and those it had from the start:
-- what initdb or an extension's script left (pg_init_privs), else the kind's default.
-- initdb makes information_schema too late for pg_init_privs, so that is taken as it is.
WITH object (class, oid, part, kind, owner, acl, first) AS (
    SELECT 'pg_class'::regclass, c.oid, 0, (CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END)::"char",
           c.relowner, c.relacl, NULL::aclitem[]
    FROM pg_class c
    WHERE c.relacl IS NOT NULL AND c.relname <> '_sqlx_migrations'
      AND c.relnamespace <> 'information_schema'::regnamespace
    UNION ALL
    SELECT 'pg_class'::regclass, a.attrelid, a.attnum, 'c', c.relowner, a.attacl, NULL
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relname <> '_sqlx_migrations'
    UNION ALL
    SELECT 'pg_proc'::regclass, oid, 0, 'f', proowner, proacl, NULL FROM pg_proc WHERE proacl IS NOT NULL
    UNION ALL
    SELECT 'pg_type'::regclass, oid, 0, 'T', typowner, typacl, NULL FROM pg_type WHERE typacl IS NOT NULL
    UNION ALL
    SELECT 'pg_language'::regclass, oid, 0, 'l', lanowner, lanacl, NULL FROM pg_language WHERE lanacl IS NOT NULL
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, 'F', fdwowner, fdwacl, NULL
    FROM pg_foreign_data_wrapper WHERE fdwacl IS NOT NULL
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, oid, 0, 'S', srvowner, srvacl, NULL
    FROM pg_foreign_server WHERE srvacl IS NOT NULL
    UNION ALL
    SELECT 'pg_namespace'::regclass, oid, 0, 'n', nspowner, coalesce(nspacl, acldefault('n', nspowner)),
           -- Every database starts with a `public` that everyone may use, made anew or not.
           CASE nspname WHEN 'public'
               THEN acldefault('n', nspowner) || makeaclitem(0, nspowner, 'USAGE', false)
           END
    FROM pg_namespace
    WHERE (nspacl IS NOT NULL OR nspname = 'public') AND nspname !~ '^pg_(temp|toast)|^information_schema$'
    UNION ALL
    SELECT 'pg_database'::regclass, oid, 0, 'd', datdba, datacl, NULL
    FROM pg_database WHERE datname = current_database() AND datacl IS NOT NULL
), changed AS (
    SELECT o.class, o.oid, o.part, o.kind, o.owner, o.acl,
           coalesce(o.first, i.initprivs, acldefault(o.kind, o.owner)) AS first
    FROM object o
    LEFT JOIN pg_init_privs i ON i.classoid = o.class AND i.objoid = o.oid AND i.objsubid = o.part
    WHERE o.acl IS DISTINCT FROM coalesce(o.first, i.initprivs, acldefault(o.kind, o.owner))
), entry AS (
    SELECT c.class, c.oid, c.part, c.kind, c.owner, false AS revoked,
           a.grantee, a.is_grantable, a.privilege_type, a.grantor
    -- What is in both lists as a whole differs in nothing: most does, and need not be taken apart.
    FROM changed c, aclexplode((SELECT array_agg(item) FROM unnest(c.acl) item WHERE NOT item = ANY (c.first))) a
    WHERE NOT EXISTS (
        SELECT FROM aclexplode(c.first) f
        WHERE f.grantee = a.grantee AND f.privilege_type = a.privilege_type AND f.is_grantable = a.is_grantable
    )
    UNION ALL
    SELECT c.class, c.oid, c.part, c.kind, c.owner, true, f.grantee, false, f.privilege_type, f.grantor
    FROM changed c, aclexplode((SELECT array_agg(item) FROM unnest(c.first) item WHERE NOT item = ANY (c.acl))) f
    WHERE NOT EXISTS (
        SELECT FROM aclexplode(c.acl) a
        WHERE f.grantee = a.grantee AND f.privilege_type = a.privilege_type AND f.is_grantable = a.is_grantable
    )
)
SELECT e.class::text AS class, e.oid, e.part, e.revoked, e.is_grantable AS grantable,
       CASE e.grantee WHEN 0 THEN 'PUBLIC' WHEN current_user::regrole THEN 'CURRENT_USER'
           ELSE quote_ident(pg_get_userbyid(e.grantee)) END AS grantee,
       CASE WHEN NOT e.revoked AND e.grantor <> e.owner
           THEN quote_ident(pg_get_userbyid(e.grantor)) END AS grantor,
       CASE
           WHEN count(*) > 1 AND e.kind <> 'c' AND count(*) = (
               SELECT count(*) FROM aclexplode(acldefault(e.kind, e.owner)) d WHERE d.grantee = e.owner
           ) THEN ARRAY['ALL']
           ELSE array_agg(e.privilege_type ORDER BY array_position(
               ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'], e.privilege_type
           ), e.privilege_type)
       END AS privileges
FROM entry e
GROUP BY e.class, e.oid, e.part, e.kind, e.owner, e.revoked, e.is_grantable, e.grantee, e.grantor
