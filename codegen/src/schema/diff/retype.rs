//! Changes the type of a column: how its values are converted, and whether the conversion keeps them.

use super::comparison::Comparison;
use super::operation::{Operation, Rank};
use crate::schema::model::Column;

/// Conversions that keep every value: from, to.
const KEEPING: &[(&str, &[&str])] = &[
    (
        "smallint",
        &[
            "integer",
            "bigint",
            "numeric",
            "real",
            "double precision",
            "text",
        ],
    ),
    (
        "integer",
        &["bigint", "numeric", "double precision", "text"],
    ),
    ("bigint", &["numeric", "text"]),
    ("real", &["double precision"]),
    (
        "date",
        &[
            "timestamp without time zone",
            "timestamp with time zone",
            "text",
        ],
    ),
    ("uuid", &["text"]),
    ("json", &["text"]),
    ("character varying", &["text"]),
];

/// How the values are converted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Conversion {
    /// They are read as the other type.
    Reading,
    /// The type is recreated: its losses were reported when the old type was renamed.
    Recreating,
}

impl Conversion {
    pub(super) fn of(comparison: &Comparison<'_>, column: &Column) -> Self {
        match comparison.fates.recreated_type(column) {
            Some(_) => Self::Recreating,
            None => Self::Reading,
        }
    }
}

/// Alters the type of a column, or its collation.
pub(super) fn retype(
    (table, conversion): (&str, Conversion),
    old: &Column,
    new: &Column,
) -> Operation {
    let (name, data_type) = (&new.sql, &new.data_type);
    // Without COLLATE the column gets the collation of its new type, and of some types there is none.
    let collation = new
        .collation
        .iter()
        .map(|collation| format!(" COLLATE {collation}"));
    let collation: String = collation.collect();
    let using = conversion_of_values(conversion, old, new);
    let sql =
        format!("ALTER TABLE {table} ALTER COLUMN {name} TYPE {data_type}{collation}{using};\n");
    let plain = |name: &str| name.split('(').next().unwrap_or_default().to_owned();
    let keeping = KEEPING
        .iter()
        .any(|(from, to)| *from == plain(&old.data_type) && to.contains(&data_type.as_str()));
    let is_same = old.data_type == *data_type;
    let operation = Operation::new(Rank::AlterTable, sql);
    if keeping || is_same || conversion == Conversion::Recreating {
        operation.note("blocks reads and writes while it may rewrite the whole table")
    } else {
        operation.loses(format!(
            "the part of each value of {table}.{name} that a {} holds and a {data_type} does not",
            old.data_type
        ))
    }
}

/// The `USING` clause. By itself Postgres converts to text and between related types only.
fn conversion_of_values(conversion: Conversion, old: &Column, new: &Column) -> String {
    let (name, data_type) = (&new.sql, &new.data_type);
    let is_textual = |name: &str| {
        (name.starts_with("text") || name.starts_with("char")) && !name.ends_with("[]")
    };
    if data_type.strip_suffix("[]") == Some(&old.data_type) {
        format!(" USING ARRAY[{name}]")
    } else if old.data_type == *data_type
        || is_textual(data_type)
        || are_related(&old.data_type, data_type)
    {
        String::new()
    } else if conversion == Conversion::Recreating && data_type.ends_with("[]") {
        format!(" USING {name}::text[]::{data_type}")
    } else if is_textual(&old.data_type)
        || is_cast_from_json(&old.data_type, data_type)
        || has_cast(&old.data_type, data_type)
    {
        format!(" USING {name}::{data_type}")
    } else if matches!(old.data_type.as_str(), "json" | "jsonb") {
        // The text of a JSON string has quotes, its value has none.
        format!(" USING ({name} #>> '{{}}')::{data_type}")
    } else {
        // There is a way through text between any two types whose texts agree.
        format!(" USING {name}::text::{data_type}")
    }
}

/// Types that Postgres has a cast from `jsonb` to (`pg_cast`).
fn is_cast_from_json(from: &str, to: &str) -> bool {
    let to = to.split('(').next().unwrap_or_default();
    let scalars = [
        "boolean",
        "smallint",
        "integer",
        "bigint",
        "numeric",
        "real",
        "double precision",
    ];
    from == "jsonb" && scalars.contains(&to)
}

/// Casts of Postgres between types whose texts differ: from, to.
const CASTS: &[(&str, &str)] = &[
    ("boolean", "integer"),
    ("integer", "boolean"),
    ("integer", "bit"),
    ("bigint", "bit"),
    ("bit", "integer"),
    ("bit", "bigint"),
    ("timestamp without time zone", "time without time zone"),
    ("timestamp with time zone", "time without time zone"),
    ("timestamp with time zone", "time with time zone"),
    ("interval", "time without time zone"),
    ("time without time zone", "interval"),
    ("money", "numeric"),
];

fn has_cast(from: &str, to: &str) -> bool {
    let plain = |name: &str| name.split('(').next().unwrap_or_default().trim().to_owned();
    CASTS.contains(&(plain(from).as_str(), plain(to).as_str()))
}

/// Families within which Postgres converts by assignment.
const FAMILIES: &[&[&str]] = &[
    &[
        "smallint",
        "integer",
        "bigint",
        "numeric",
        "real",
        "double precision",
    ],
    &[
        "date",
        "timestamp without time zone",
        "timestamp with time zone",
    ],
    &["json", "jsonb"],
    &["inet", "cidr"],
    &["time without time zone", "time with time zone"],
];

/// Whether Postgres converts the values by assignment.
pub(super) fn are_related(from: &str, to: &str) -> bool {
    let plain = |name: &str| name.split('(').next().unwrap_or_default().trim().to_owned();
    let (from, to) = (plain(from), plain(to));
    from == to
        || FAMILIES
            .iter()
            .any(|family| family.contains(&from.as_str()) && family.contains(&to.as_str()))
}
