-- Every object of the database that a user made, with the table or view it is part of.
-- Left out are members of extensions, temporary objects, and what Postgres makes by itself along with
-- another object: row and array types, toast tables, indexes of constraints, internal triggers; and what a
-- publication publishes, which its own statement says. A new database has no statistics of its catalog, hence
-- NOT IN, which is always hashed.
WITH object (class, oid, relation) AS (
    SELECT 'pg_class'::regclass::oid, c.oid, i.indrelid
    FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
    WHERE c.relkind NOT IN ('t', 'c') AND c.relpersistence <> 't'
      AND coalesce(i.indrelid NOT IN (SELECT oid FROM pg_class WHERE relkind = 't'), true)
      AND c.oid NOT IN (
          SELECT d.objid FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
            AND d.refclassid = 'pg_constraint'::regclass AND d.deptype = 'i'
      )
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid, NULL FROM pg_type t
    WHERE t.typnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_temp')
      AND t.oid NOT IN (
        SELECT d.objid FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.deptype = 'i'
          AND NOT (d.refclassid = 'pg_class'::regclass AND d.refobjid IN (SELECT oid FROM pg_class WHERE relkind = 'c'))
    )
    UNION ALL
    SELECT 'pg_constraint'::regclass, n.oid, nullif(n.conrelid, 0) FROM pg_constraint n WHERE n.contype <> 't'
      AND NOT (n.contype = 'f' AND n.conparentid <> 0)
      AND NOT (n.contype = 'n' AND n.convalidated)
      AND (n.conislocal OR n.coninhcount = 0 OR n.conrelid IN (SELECT oid FROM pg_class WHERE relispartition))
    UNION ALL
    SELECT 'pg_attrdef'::regclass, oid, adrelid FROM pg_attrdef
    UNION ALL
    SELECT 'pg_trigger'::regclass, oid, tgrelid FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0
    UNION ALL
    SELECT 'pg_policy'::regclass, oid, polrelid FROM pg_policy
    UNION ALL
    SELECT 'pg_rewrite'::regclass, oid, ev_class FROM pg_rewrite WHERE rulename <> '_RETURN'
    UNION ALL
    SELECT 'pg_statistic_ext'::regclass, oid, stxrelid FROM pg_statistic_ext
    UNION ALL
    SELECT 'pg_namespace'::regclass, oid, NULL FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast)'
    UNION ALL SELECT 'pg_proc'::regclass, oid, NULL FROM pg_proc p
    WHERE p.oid NOT IN (
        SELECT d.objid FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.deptype = 'i'
    )
    UNION ALL SELECT 'pg_extension'::regclass, oid, NULL FROM pg_extension
    UNION ALL SELECT 'pg_event_trigger'::regclass, oid, NULL FROM pg_event_trigger
    UNION ALL SELECT 'pg_operator'::regclass, oid, NULL FROM pg_operator
    UNION ALL SELECT 'pg_opclass'::regclass, oid, NULL FROM pg_opclass
    UNION ALL SELECT 'pg_opfamily'::regclass, oid, NULL FROM pg_opfamily
    UNION ALL SELECT 'pg_cast'::regclass, oid, NULL FROM pg_cast c
    WHERE c.oid NOT IN (
        SELECT d.objid FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.deptype = 'i'
    )
    UNION ALL SELECT 'pg_collation'::regclass, oid, NULL FROM pg_collation
    UNION ALL SELECT 'pg_conversion'::regclass, oid, NULL FROM pg_conversion
    UNION ALL SELECT 'pg_language'::regclass, oid, NULL FROM pg_language
    UNION ALL SELECT 'pg_transform'::regclass, oid, NULL FROM pg_transform
    UNION ALL SELECT 'pg_am'::regclass, oid, NULL FROM pg_am
    UNION ALL SELECT 'pg_ts_config'::regclass, oid, NULL FROM pg_ts_config
    UNION ALL SELECT 'pg_ts_dict'::regclass, oid, NULL FROM pg_ts_dict
    UNION ALL SELECT 'pg_ts_parser'::regclass, oid, NULL FROM pg_ts_parser
    UNION ALL SELECT 'pg_ts_template'::regclass, oid, NULL FROM pg_ts_template
    UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, NULL FROM pg_foreign_data_wrapper
    UNION ALL SELECT 'pg_foreign_server'::regclass, oid, NULL FROM pg_foreign_server
    UNION ALL SELECT 'pg_user_mapping'::regclass, umid, NULL FROM pg_user_mappings
    UNION ALL SELECT 'pg_publication'::regclass, oid, NULL FROM pg_publication
    UNION ALL SELECT 'pg_largeobject'::regclass, oid, NULL FROM pg_largeobject_metadata
    UNION ALL SELECT 'pg_default_acl'::regclass, oid, NULL FROM pg_default_acl
    UNION ALL SELECT 'pg_subscription'::regclass, oid, NULL FROM pg_subscription
    WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT o.class::regclass::text AS class, o.oid, o.relation
FROM object o
LEFT JOIN pg_class r ON r.oid = coalesce(o.relation, CASE o.class WHEN 'pg_class'::regclass THEN o.oid END)
WHERE o.oid >= 16384
  AND coalesce(r.relname <> '_sqlx_migrations' AND r.relpersistence <> 't' AND r.oid >= 16384, true)
  AND (o.class, o.oid) NOT IN (SELECT e.classid, e.objid FROM pg_depend e WHERE e.deptype = 'e')
  AND coalesce(o.relation NOT IN (
      SELECT e.objid FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.deptype = 'e'
  ), true)
