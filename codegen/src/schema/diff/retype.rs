//! Changes the type of a column: how its values are converted, and whether the conversion keeps them.

use super::comparison::{Comparison, Pair};
use super::composite_values::{ConvertedValue, FieldConversion, convert_fields};
use super::operation::{Operation, Rank};
use super::rows::convert_stated;
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
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Conversion {
    /// They are read as the other type.
    Reading,
    /// The type is recreated: its losses were reported when the old type was renamed.
    Recreating,
    /// The same, and each becomes the only element of an array.
    Wrapping,
    /// By this expression.
    ByField {
        value: ConvertedValue,
        is_recreated: bool,
    },
}

impl Conversion {
    /// The conversion to the type of the column, which was of type `former` in the old schema; nothing if there is none.
    pub(super) fn of(comparison: &Comparison<'_>, former: &str, column: &Column) -> Option<Self> {
        let is_recreated = comparison.fates.recreated_type(column).is_some();
        match convert_fields(comparison, &column.sql, (former, &column.data_type)) {
            FieldConversion::ByText if is_recreated => {
                let is_wrapped = column.data_type.strip_suffix("[]") == Some(former);
                Some(if is_wrapped {
                    Self::Wrapping
                } else {
                    Self::Recreating
                })
            }
            FieldConversion::ByText => Some(Self::Reading),
            FieldConversion::ByField(value) => Some(Self::ByField {
                value,
                is_recreated,
            }),
            FieldConversion::Impossible => None,
        }
    }

    fn reports_losses(&self) -> bool {
        match self {
            Self::Reading => true,
            Self::Recreating | Self::Wrapping => false,
            Self::ByField { is_recreated, .. } => !is_recreated,
        }
    }
}

/// Alters the type of a column, or its collation.
pub(super) fn retype(
    (before, after): Pair<'_>,
    conversion: &Conversion,
    (old, new): (&Column, &Column),
) -> Operation {
    let table = &after.name.sql;
    let (name, data_type) = (&new.sql, &new.data_type);
    // Without COLLATE the column gets the collation of its new type, and of some types there is none.
    let collation = new
        .collation
        .iter()
        .map(|collation| format!(" COLLATE {collation}"));
    let collation: String = collation.collect();
    let converted = convert_column(conversion, old, new);
    let converted = convert_stated((before, after), new, &converted);
    // Postgres converts the values by itself.
    let using = if converted == *name {
        String::new()
    } else {
        format!(" USING {converted}")
    };
    let sql =
        format!("ALTER TABLE {table} ALTER COLUMN {name} TYPE {data_type}{collation}{using};\n");
    let plain = |name: &str| name.split('(').next().unwrap_or_default().to_owned();
    let keeping = KEEPING
        .iter()
        .any(|(from, to)| *from == plain(&old.data_type) && to.contains(&data_type.as_str()));
    let is_same = old.data_type == *data_type;
    let sql = match conversion {
        Conversion::ByField { value, .. } => value.around(&sql),
        _ => sql,
    };
    let operation = Operation::new(Rank::AlterTable, sql);
    if keeping || is_same || !conversion.reports_losses() {
        operation.note("blocks reads and writes while it may rewrite the whole table")
    } else {
        operation.loses(format!(
            "the part of each value of {table}.{name} that a {} holds and a {data_type} does not",
            old.data_type
        ))
    }
}

/// The expression that converts the values.
fn convert_column(conversion: &Conversion, old: &Column, new: &Column) -> String {
    let (name, types) = (&new.sql, (old.data_type.as_str(), new.data_type.as_str()));
    match conversion {
        Conversion::ByField { value, .. } => value.expression.clone(),
        Conversion::Wrapping => format!("ARRAY[{name}::text]::{}", new.data_type),
        Conversion::Recreating if is_array_of_others(types) => {
            format!("{name}::text[]::{}", new.data_type)
        }
        _ => convert_expression(name, types),
    }
}

/// Whether the second is an array of neither the first nor its elements.
fn is_array_of_others((from, to): (&str, &str)) -> bool {
    from != to && to.ends_with("[]") && to.strip_suffix("[]") != Some(from)
}

/// The expression that converts `value` from the one type to the other, or `value` itself where Postgres converts it. By
/// itself Postgres converts to text and between related types only.
pub(super) fn convert_expression(value: &str, (from, to): (&str, &str)) -> String {
    let is_textual = |name: &str| {
        (name.starts_with("text") || name.starts_with("char")) && !name.ends_with("[]")
    };
    if to.strip_suffix("[]") == Some(from) {
        format!("ARRAY[{value}]")
    } else if from == to || is_textual(to) || are_related(from, to) {
        value.to_owned()
    } else if is_textual(from) || is_cast_from_json(from, to) || has_cast(from, to) {
        format!("{value}::{to}")
    } else if matches!(from, "json" | "jsonb") {
        // The text of a JSON string has quotes, its value has none.
        format!("({value} #>> '{{}}')::{to}")
    } else {
        // There is a way through text between any two types whose texts agree.
        format!("{value}::text::{to}")
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
