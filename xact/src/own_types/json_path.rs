//! `jsonpath`: its text, which Postgres parses.

use std::fmt;

use sqlx::error::BoxDynError;

use super::built_in::built_in_type;
use crate::values::{FromSql, SqlValue, Unreadable};

/// A path in JSON, in the text that Postgres gives it.
///
/// ```
/// let path = xact::types::PgJsonPath("$.\"tags\"[*]".to_owned());
/// assert_eq!(path.to_string(), "$.\"tags\"[*]");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PgJsonPath(pub String);

/// The version of the binary format: `JSONPATH_VERSION` in Postgres's `jsonpath.h`.
const VERSION: u8 = 1;

impl fmt::Display for PgJsonPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromSql<'_> for PgJsonPath {
    const OIDS: &'static [u32] = &[4072];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let text = value.as_bytes()?.strip_prefix(&[VERSION]);
        let text =
            text.ok_or_else(|| Unreadable::new("its bytes are not those of a `jsonpath`"))?;
        Ok(Self(std::str::from_utf8(text)?.to_owned()))
    }
}

built_in_type!(PgJsonPath, 4072, 4073, |value, buffer| {
    buffer.push(VERSION);
    buffer.extend_from_slice(value.0.as_bytes());
});
