-- Everything a migration can make, in words that do not depend on OIDs or on the order it was made in.
-- The table in which sqlx notes the applied migrations is its own.
WITH relations AS (
    SELECT c.* FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
      AND c.relname NOT LIKE '\_sqlx\_migrations%'
),
functions AS (
    SELECT * FROM pg_proc
    WHERE pronamespace <> ALL ('{pg_catalog,information_schema}'::regnamespace[])
),
facts AS (
    SELECT format('relation %s %s %s %s', oid::regclass, relkind, relrowsecurity, relforcerowsecurity) AS fact
    FROM relations
    UNION ALL
    SELECT format('column %s.%s %s %s %s', r.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                  pg_get_expr(d.adbin, d.adrelid))
    FROM relations r
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
    UNION ALL
    SELECT format('constraint %s %s %s', r.oid::regclass, k.conname, pg_get_constraintdef(k.oid))
    FROM relations r JOIN pg_constraint k ON k.conrelid = r.oid
    UNION ALL
    SELECT format('index %s', pg_get_indexdef(i.indexrelid)) FROM relations r JOIN pg_index i ON i.indexrelid = r.oid
    UNION ALL
    SELECT format('trigger %s', pg_get_triggerdef(t.oid))
    FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
    UNION ALL
    SELECT format('policy %s %s %s %s %s %s %s', r.oid::regclass, p.polname, p.polcmd, p.polpermissive,
                  p.polroles::regrole[], pg_get_expr(p.polqual, r.oid), pg_get_expr(p.polwithcheck, r.oid))
    FROM relations r JOIN pg_policy p ON p.polrelid = r.oid
    UNION ALL
    SELECT format('grant on %s to %s: %s', r.oid::regclass, g.grantee::regrole, g.privilege_type)
    FROM relations r, aclexplode(COALESCE(r.relacl, acldefault('r', r.relowner))) g
    WHERE r.relkind = 'r'
    UNION ALL
    SELECT format('grant on %s.%s to %s: %s', r.oid::regclass, a.attname, g.grantee::regrole, g.privilege_type)
    FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid, aclexplode(a.attacl) g
    UNION ALL
    SELECT format('function %s', pg_get_functiondef(oid)) FROM functions
    UNION ALL
    SELECT format('grant on %s to %s: %s', f.oid::regprocedure, g.grantee::regrole, g.privilege_type)
    FROM functions f, aclexplode(COALESCE(f.proacl, acldefault('f', f.proowner))) g
    UNION ALL
    SELECT format('comment on %s %s: %s', classoid::regclass, objsubid, description)
    FROM pg_description
    WHERE objoid IN (SELECT oid FROM relations UNION SELECT oid FROM functions)
    UNION ALL
    SELECT format('type %s', t.oid::regtype)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
      AND t.typname NOT LIKE '%\_sqlx\_migrations%'
    UNION ALL
    SELECT format('schema %s', nspname) FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'
    UNION ALL
    SELECT format('grant on schema %s to %s: %s', n.nspname, g.grantee::regrole, g.privilege_type)
    FROM pg_namespace n, aclexplode(n.nspacl) g
    UNION ALL
    SELECT format('default grant to %s: %s', g.grantee::regrole, g.privilege_type)
    FROM pg_default_acl d, aclexplode(d.defaclacl) g
    UNION ALL
    SELECT format('role %s %s %s', rolname, rolsuper, rolbypassrls) FROM pg_roles
    UNION ALL
    SELECT format('role %s in %s', member::regrole, roleid::regrole) FROM pg_auth_members
    UNION ALL
    SELECT format('extension %s', extname) FROM pg_extension
    UNION ALL
    SELECT format('setting %s %s', setdatabase, setconfig) FROM pg_db_role_setting
)
SELECT fact FROM facts ORDER BY fact COLLATE "C";
