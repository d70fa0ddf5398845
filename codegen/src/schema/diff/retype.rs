//! Changes the type of a column: how its values are converted, and whether the conversion keeps them.

use super::change::Script;
use super::recreated::Recreated;
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
    Anew,
}

impl Conversion {
    pub(super) fn of(column: &Column, recreated: &Recreated) -> Self {
        if recreated.has_recreated_type(column) {
            Self::Anew
        } else {
            Self::Reading
        }
    }
}

/// Alters the type of a column, or its collation.
pub(super) fn retype(
    script: &mut Script,
    (table, conversion): (&str, Conversion),
    old: &Column,
    new: &Column,
) {
    let (name, data_type) = (&new.sql, &new.data_type);
    let collation = match (&old.collation, &new.collation) {
        (_, Some(collation)) => format!(" COLLATE {collation}"),
        (Some(_), None) => " COLLATE \"default\"".to_owned(),
        (None, None) => String::new(),
    };
    let textual = |name: &str| {
        (name.starts_with("text") || name.starts_with("char")) && !name.ends_with("[]")
    };
    // By itself Postgres converts to text and between related types only.
    let same = old.data_type == *data_type;
    let using = if data_type.strip_suffix("[]") == Some(&old.data_type) {
        format!(" USING ARRAY[{name}]")
    } else if same || textual(data_type) || related(&old.data_type, data_type) {
        String::new()
    } else if conversion == Conversion::Anew && data_type.ends_with("[]") {
        format!(" USING {name}::text[]::{data_type}")
    } else if textual(&old.data_type)
        || old.data_type.starts_with("json")
        || has_cast(&old.data_type, data_type)
    {
        format!(" USING {name}::{data_type}")
    } else {
        // There is a way through text between any two types whose texts agree.
        format!(" USING {name}::text::{data_type}")
    };
    let sql =
        format!("ALTER TABLE {table} ALTER COLUMN {name} TYPE {data_type}{collation}{using};\n");
    let plain = |name: &str| name.split('(').next().unwrap_or_default().to_owned();
    let keeping = KEEPING
        .iter()
        .any(|(from, to)| *from == plain(&old.data_type) && to.contains(&data_type.as_str()));
    if keeping || same || conversion == Conversion::Anew {
        script.run_with_note(sql, "may rewrite the whole table");
    } else {
        let lost = format!(
            "the part of each value of {table}.{name} that a {} holds and a {data_type} does not",
            old.data_type
        );
        script.run_losing(sql, lost);
    }
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

pub(super) fn related(from: &str, to: &str) -> bool {
    let plain = |name: &str| name.split('(').next().unwrap_or_default().trim().to_owned();
    let (from, to) = (plain(from), plain(to));
    from == to
        || FAMILIES
            .iter()
            .any(|family| family.contains(&from.as_str()) && family.contains(&to.as_str()))
}
