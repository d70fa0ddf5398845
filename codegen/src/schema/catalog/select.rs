//! The SQL that reads the catalogs.

use super::ColumnOrder;
use super::omitted::{CATALOGS, COLUMNS, EXPRESSIONS, ROWS};
use super::read::{SystemCatalog, SystemCatalogs};

/// Numbers from here on are those of objects that a user created.
const FIRST_USER_OID: u32 = 16384;

/// Names that `pg_identify_object` does not give as they are compared: the catalog, and an expression over its row `t` and the identity `i`.
const NAMES: &[(&str, &str)] = &[
    // Postgres chooses the names of the foreign keys that partitions get, and since 18 those of NOT NULL: they depend on the
    // order in which objects were created, and on the names that they had.
    (
        "pg_constraint",
        "CASE WHEN t.contype = 'f' AND t.conparentid <> 0 THEN format('foreign key to %s on %s', \
         (pg_identify_object('pg_class'::regclass, t.confrelid, 0)).identity, (pg_identify_object('pg_class'::regclass, t.conrelid, 0)).identity) \
         WHEN t.contype = 'n' AND t.conname ~ '_not_null[0-9]*$' THEN format('NOT NULL on %s', \
         (pg_identify_object('pg_class'::regclass, t.conrelid, 0)).identity) ELSE i.identity END",
    ),
    // `RI_ConstraintTrigger_a_16413`: the number is the trigger's own.
    (
        "pg_trigger",
        "CASE WHEN t.tgisinternal THEN regexp_replace(i.identity, '[0-9]+\" on ', '\" on ') ELSE i.identity END",
    ),
];

/// The place of a column among those that are not dropped. Two tables of the same columns in another order differ only by it.
const PLACE: &str = "rank() OVER (PARTITION BY t.attrelid ORDER BY t.attnum)";

/// Catalogs whose objects have no name of their own.
const UNNAMED: &[&str] = &["pg_enum", "pg_largeobject_metadata"];

/// `SELECT t.oid::text, …` of the rows that users' objects have in one catalog, by the columns of the catalog. The rows of the
/// objects with the numbers `omitted` are left out.
pub(super) fn rows_query(
    name: &str,
    catalog: &SystemCatalog,
    omitted: &[u32],
    order: ColumnOrder,
) -> String {
    let columns = catalog.columns.iter().map(|column| {
        let value = value_of(name, &column.name, order);
        // A list as JSON, whose elements are distinguished.
        let value = if column.is_list {
            format!("to_jsonb({value})")
        } else {
            value
        };
        format!("({value})::text")
    });
    let columns: Vec<String> = columns.collect();
    let compared = ROWS.iter().find(|rows| rows.catalog == name);
    let (join, condition) = compared.map_or(("", "true"), |rows| (rows.join, rows.condition));
    // The schema `public` is there before any user's object, and can be created again.
    let public = if name == "pg_namespace" {
        " OR t.nspname = 'public'"
    } else {
        ""
    };
    let number = number_of(name, catalog);
    let omitted: Vec<String> = omitted.iter().map(u32::to_string).collect();
    format!(
        "SELECT {} FROM pg_catalog.{name} t {join} WHERE (t.{number} >= {FIRST_USER_OID}{public}) \
         AND t.{number} <> ALL ('{{{}}}'::oid[]) AND ({condition})",
        columns.join(", "),
        omitted.join(",")
    )
}

/// Whether a column of a catalog is compared.
pub(super) fn is_compared(catalog: &str, column: &str) -> bool {
    !CATALOGS.contains(&catalog) && !COLUMNS.contains(&format!("{catalog}.{column}").as_str())
}

fn value_of(catalog: &str, column: &str, order: ColumnOrder) -> String {
    let place = format!("{catalog}.{column}");
    match EXPRESSIONS.iter().find(|(name, _)| *name == place) {
        Some((_, expression)) => (*expression).to_owned(),
        None if place == "pg_attribute.attnum" => match order {
            ColumnOrder::Compared => PLACE.to_owned(),
            // Only those of tables can be in another order: those of an index are the index.
            ColumnOrder::Ignored => {
                format!("CASE WHEN c.relkind NOT IN ('r', 'p', 'f') THEN {PLACE} END")
            }
        },
        None => format!("t.{column}"),
    }
}

/// The column with the number by which a row is known to be of a user's object.
fn number_of<'catalog>(name: &str, catalog: &'catalog SystemCatalog) -> &'catalog str {
    match name {
        "pg_enum" => "enumtypid",
        "pg_depend" => "objid",
        _ if catalog.has_number => "oid",
        _ => catalog.columns.first().map_or("oid", |first| &first.name),
    }
}

/// Catalog, number and name of every object of a user, and of every type and role.
pub(super) fn names_query(catalogs: &SystemCatalogs) -> String {
    let named = catalogs
        .iter()
        .filter(|(name, catalog)| catalog.has_number && !UNNAMED.contains(&name.as_str()));
    let selects = named.map(|(name, _)| {
        let special = NAMES.iter().find(|(of, _)| of == name);
        let expression = special.map_or("i.identity", |(_, expression)| expression);
        format!(
            "SELECT '{name}', t.oid, {expression} FROM pg_catalog.{name} t \
             CROSS JOIN LATERAL pg_identify_object('pg_catalog.{name}'::regclass, t.oid, 0) i \
             WHERE t.oid >= {FIRST_USER_OID}"
        )
    });
    let others = [
        "SELECT 'pg_authid', oid, rolname::text FROM pg_roles".to_owned(),
        format!(
            "SELECT 'pg_namespace', oid, nspname::text FROM pg_namespace WHERE oid < {FIRST_USER_OID}"
        ),
        format!(
            "SELECT 'pg_type', oid, format_type(oid, NULL) FROM pg_type WHERE oid < {FIRST_USER_OID}"
        ),
    ];
    selects
        .chain(others)
        .collect::<Vec<_>>()
        .join("\nUNION ALL ")
}
