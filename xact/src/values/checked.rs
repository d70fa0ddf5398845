//! Types that are read here, for callers that need sqlx's `Decode`.

use sqlx::error::BoxDynError;
use sqlx::postgres::{PgTypeInfo, PgValueRef};
use sqlx::{Decode, Postgres, Type, ValueRef as _};

use super::{FromSql, SqlValue};
use crate::json::Value;

/// A value that sqlx reads by `FromSql`, for a field of a composite that has types of the project beside it.
#[doc(hidden)]
#[derive(Debug)]
pub(crate) struct Checked<T>(pub(crate) T);

impl<T> Type<Postgres> for Checked<T> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("record")
    }

    // `T` may be of another crate that has no `Type`, such as a date of chrono, so `decode` compares the types.
    fn compatible(_: &PgTypeInfo) -> bool {
        true
    }
}

impl<'r, T: FromSql<'r>> Decode<'r, Postgres> for Checked<T> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let info = value.type_info();
        let value = SqlValue::of_column(&value, &info)?;
        value.read_inner().map(Self)
    }
}

/// Reads a value of sqlx by `FromSql`: the `Decode` of generated types.
///
/// # Errors
/// Those of the type.
#[doc(hidden)]
pub fn decode<'r, T: FromSql<'r>>(value: &PgValueRef<'r>) -> Result<T, BoxDynError> {
    SqlValue::decode(value)
}

impl<'r> Decode<'r, Postgres> for Value {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        SqlValue::decode(&value)
    }
}
