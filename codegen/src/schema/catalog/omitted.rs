//! The columns, rows and catalogs that say nothing about a schema, and the columns that are compared in another form.

/// Catalogs that are left out.
pub(super) const CATALOGS: &[&str] = &[
    // Statistics of rows.
    "pg_statistic",
    "pg_statistic_ext_data",
    // Rows, not objects.
    "pg_largeobject",
    // The privileges that the script of an extension left, on both sides the same script.
    "pg_init_privs",
    // Of replication, with positions that move.
    "pg_subscription_rel",
];

/// Columns that are left out: `catalog.column`.
pub(super) const COLUMNS: &[&str] = &[
    // Files, and estimates of their contents.
    "pg_class.relfilenode",
    "pg_class.relpages",
    "pg_class.reltuples",
    "pg_class.relallvisible",
    "pg_class.relallfrozen",
    "pg_class.relfrozenxid",
    "pg_class.relminmxid",
    "pg_class.relrewrite",
    // A table keeps its TOAST table after the column that needed it is dropped.
    "pg_class.reltoastrelid",
    // Hints, which stay true after the last index, rule, trigger or child table is dropped (52.11, pg_class).
    "pg_class.relhasindex",
    "pg_class.relhasrules",
    "pg_class.relhastriggers",
    "pg_class.relhassubclass",
    // Counts dropped columns too.
    "pg_class.relnatts",
    // The value that rows from before ADD COLUMN have.
    "pg_attribute.atthasmissing",
    "pg_attribute.attmissingval",
    "pg_attribute.attcacheoff",
    "pg_attribute.attisdropped",
    // Declared dimensions, which Postgres does not enforce (8.15.1), and does not keep in views.
    "pg_attribute.attndims",
    "pg_type.typndims",
    // That of the database, or none where the collation was copied from one of all encodings.
    "pg_collation.collencoding",
    // Which of several equal keys a foreign key uses: the one that was created first.
    "pg_constraint.conindid",
    "pg_trigger.tgconstrindid",
    // Whether old snapshots may use the index.
    "pg_index.indcheckxmin",
    // Labels have no identity of their own.
    "pg_enum.oid",
    // A part of the identity, which the row is named by, unless Postgres chose it.
    "pg_constraint.conname",
    "pg_trigger.tgname",
    // The same as `typdefault`, as a tree.
    "pg_type.typdefaultbin",
    // Part of the text in place of `ev_action`.
    "pg_rewrite.ev_qual",
];

/// Columns that are compared as another expression: `catalog.column`, and the expression over the catalog's row `t`. Trees
/// have positions and numbers of objects in them, and absent privileges mean the default ones.
pub(super) const EXPRESSIONS: &[(&str, &str)] = &[
    ("pg_attrdef.adbin", "pg_get_expr(t.adbin, t.adrelid, true)"),
    ("pg_attribute.attacl", "coalesce(t.attacl, '{}')"),
    // A column of an index keeps its name when the table's column is renamed, and its compression depends on whether the index
    // or that of the table's column was there first.
    (
        "pg_attribute.attname",
        "CASE WHEN c.relkind IN ('i', 'I') THEN t.attnum::text ELSE t.attname END",
    ),
    (
        "pg_attribute.attcompression",
        "CASE WHEN c.relkind NOT IN ('i', 'I') THEN t.attcompression END",
    ),
    // ALTER COLUMN … SET STORAGE sets it for existing indexes of the column too, also where the index keeps a value of a
    // fixed length in place of the column's, as a hash index does. There it has no meaning.
    (
        "pg_attribute.attstorage",
        "CASE WHEN t.attlen < 0 THEN t.attstorage END",
    ),
    (
        "pg_class.relacl",
        "coalesce(t.relacl, acldefault((CASE t.relkind WHEN 'S' THEN 's' ELSE 'r' END)::\"char\", t.relowner))",
    ),
    (
        "pg_class.relpartbound",
        "pg_get_expr(t.relpartbound, t.oid, true)",
    ),
    (
        "pg_constraint.conbin",
        "CASE WHEN t.conbin IS NOT NULL THEN pg_get_constraintdef(t.oid, true) END",
    ),
    // Of a key it says whether the key came with that of the parent or was attached to it.
    (
        "pg_constraint.connoinherit",
        "CASE WHEN t.contype NOT IN ('p', 'u', 'x', 'f') THEN t.connoinherit END",
    ),
    (
        "pg_enum.enumsortorder",
        "rank() OVER (PARTITION BY t.enumtypid ORDER BY t.enumsortorder)",
    ),
    (
        "pg_foreign_data_wrapper.fdwacl",
        "coalesce(t.fdwacl, acldefault('F', t.fdwowner))",
    ),
    (
        "pg_foreign_server.srvacl",
        "coalesce(t.srvacl, acldefault('S', t.srvowner))",
    ),
    (
        "pg_index.indexprs",
        "pg_get_expr(t.indexprs, t.indrelid, true)",
    ),
    (
        "pg_index.indpred",
        "pg_get_expr(t.indpred, t.indrelid, true)",
    ),
    (
        "pg_language.lanacl",
        "coalesce(t.lanacl, acldefault('l', t.lanowner))",
    ),
    (
        "pg_namespace.nspacl",
        "coalesce(t.nspacl, acldefault('n', t.nspowner))",
    ),
    (
        "pg_partitioned_table.partexprs",
        "pg_get_expr(t.partexprs, t.partrelid, true)",
    ),
    (
        "pg_policy.polqual",
        "pg_get_expr(t.polqual, t.polrelid, true)",
    ),
    (
        "pg_policy.polwithcheck",
        "pg_get_expr(t.polwithcheck, t.polrelid, true)",
    ),
    (
        "pg_proc.proacl",
        "coalesce(t.proacl, acldefault('f', t.proowner))",
    ),
    (
        "pg_proc.proargdefaults",
        "pg_get_expr(t.proargdefaults, 0, true)",
    ),
    ("pg_proc.prosqlbody", "pg_get_function_sqlbody(t.oid)"),
    (
        "pg_publication_rel.prqual",
        "pg_get_expr(t.prqual, t.prrelid, true)",
    ),
    // A join without a condition has a constant after it was read back.
    (
        "pg_rewrite.ev_action",
        "replace(pg_get_ruledef(t.oid, true), ' ON TRUE', ' ON true')",
    ),
    (
        "pg_statistic_ext.stxexprs",
        "pg_get_statisticsobjdef_expressions(t.oid)",
    ),
    (
        "pg_trigger.tgqual",
        "CASE WHEN NOT t.tgisinternal THEN pg_get_triggerdef(t.oid, true) END",
    ),
    // The name of an array type depends on the names that were taken when it was created.
    (
        "pg_type.typname",
        "CASE WHEN t.typcategory <> 'A' THEN t.typname END",
    ),
    // The text of a domain's default names objects as the search path had them when it was set.
    (
        "pg_type.typdefault",
        "coalesce(pg_get_expr(t.typdefaultbin, 0, true), t.typdefault)",
    ),
    (
        "pg_type.typacl",
        "coalesce(t.typacl, acldefault('T', t.typowner))",
    ),
];

/// The rows of a catalog that say something which no other row says.
pub(super) struct ComparedRows {
    pub(super) catalog: &'static str,
    /// What is joined to the catalog's row `t`.
    pub(super) join: &'static str,
    pub(super) condition: &'static str,
}

/// Catalogs of which not every row is compared, or whose expressions ask another one.
pub(super) const ROWS: &[ComparedRows] = &[
    ComparedRows {
        catalog: "pg_attribute",
        join: "JOIN pg_catalog.pg_class c ON c.oid = t.attrelid",
        condition: "t.attnum > 0 AND NOT t.attisdropped",
    },
    // Which object belongs to an extension or waits for one, and which column owns a sequence: the others follow from the
    // definitions.
    ComparedRows {
        catalog: "pg_depend",
        join: "",
        condition: "t.deptype IN ('e', 'x') OR t.refobjsubid <> 0 AND t.objsubid = 0",
    },
    // No schema has a subscription, and DROP SUBSCRIPTION leaves its comment behind.
    ComparedRows {
        catalog: "pg_description",
        join: "",
        condition: "t.classoid <> 'pg_subscription'::regclass",
    },
];

/// Columns with numbers of a relation's columns, which Postgres does not declare: the catalog, the column, and the one with
/// the relation's number.
pub(super) const COLUMNS_OF: &[(&str, &str, &str)] = &[
    ("pg_constraint", "confdelsetcols", "conrelid"),
    ("pg_publication_rel", "prattrs", "prrelid"),
];

/// Columns whose elements have no order: privileges, options, roles, and columns that Postgres lists as the table has them.
pub(super) const UNORDERED: &[&str] = &[
    "pg_attribute.attacl",
    "pg_attribute.attfdwoptions",
    "pg_attribute.attoptions",
    "pg_class.relacl",
    "pg_class.reloptions",
    "pg_default_acl.defaclacl",
    "pg_event_trigger.evttags",
    "pg_foreign_data_wrapper.fdwacl",
    "pg_foreign_data_wrapper.fdwoptions",
    "pg_foreign_server.srvacl",
    "pg_foreign_server.srvoptions",
    "pg_foreign_table.ftoptions",
    "pg_language.lanacl",
    "pg_namespace.nspacl",
    "pg_policy.polroles",
    "pg_proc.proacl",
    "pg_publication_rel.prattrs",
    "pg_statistic_ext.stxkeys",
    "pg_type.typacl",
    "pg_user_mapping.umoptions",
];
