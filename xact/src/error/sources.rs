//! Errors beneath ours: which of them may be shown, because their text never holds a value.

use std::error::Error as StdError;
use std::fmt;

use sqlx::error::{BoxDynError, UnexpectedNullError};
use sqlx::postgres::PgDatabaseError;

use super::postgres;
use crate::own_types::{InvalidId, UnknownLabel};
use crate::values::Unreadable;

/// The text of an error about one value, without the value.
pub(super) struct WithoutValue<'e>(pub(super) &'e BoxDynError);

impl fmt::Display for WithoutValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = self.0.as_ref();
        if is_without_value(source) {
            return write!(f, "{source}");
        }
        if let Some(json) = source.downcast_ref::<serde_json::Error>() {
            // Its own text quotes the value: `invalid type: string "…", expected i32`.
            let (line, column) = (json.line(), json.column());
            return write!(
                f,
                "the JSON does not fit its Rust type ({:?} error at line {line} column {column})",
                json.classify()
            );
        }
        f.write_str("the reason may hold the value, and is in `Error::sensitive_source`")
    }
}

/// Whether the text of an error never holds the value that it is about. A label of an enum is part of the schema.
fn is_without_value(source: &(dyn StdError + 'static)) -> bool {
    source.is::<Unreadable>()
        || source.is::<UnknownLabel>()
        || source.is::<InvalidId>()
        || source.is::<UnexpectedNullError>()
        || is_mismatch_of_types(source)
        || source.is::<std::str::Utf8Error>()
        || source.is::<std::num::TryFromIntError>()
}

/// sqlx has no type for this error; its text has the names of two types.
fn is_mismatch_of_types(source: &(dyn StdError + 'static)) -> bool {
    source
        .to_string()
        .starts_with("mismatched types; Rust type `")
}

/// The text of an error of sqlx, without values.
pub(super) fn write_sqlx(source: &sqlx::Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match source {
        sqlx::Error::Database(error) => match error.try_downcast_ref::<PgDatabaseError>() {
            Some(error) => postgres::write_without_values(error, f),
            None => f.write_str("an error of the database"),
        },
        sqlx::Error::Migrate(_) => {
            f.write_str("a migration failed: the reason is in `Error::sensitive_source`")
        }
        sqlx::Error::ColumnDecode { index, source } => {
            write!(
                f,
                "column {index} cannot be decoded: {}",
                WithoutValue(source)
            )
        }
        sqlx::Error::Decode(source) => {
            write!(f, "a value cannot be decoded: {}", WithoutValue(source))
        }
        sqlx::Error::Encode(source) => {
            write!(f, "a value cannot be encoded: {}", WithoutValue(source))
        }
        source => write!(f, "{source}"),
    }
}
