//! Types that an annotation or an alias names: read by [`FromSql`] if they have it, or else by sqlx's `Decode`.
//!
//! Which of the two a type has is known where generated code names it, and only there: the compiler prefers the method that
//! takes `&Tag`, and looks for the one that takes `&&Tag` if the type does not have it.

use std::marker::PhantomData;

use sqlx::error::BoxDynError;
use sqlx::postgres::types::PgRecordDecoder;
use sqlx::{Decode, Postgres, Type};

use crate::Error;
use crate::row::Row;
use crate::values::{Checked, FromSql};

/// Names a type whose values are going to be read.
#[doc(hidden)]
pub struct Tag<T>(PhantomData<T>);

impl<T> Tag<T> {
    #[expect(clippy::new_without_default, reason = "only the macros make one")]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

/// Of types that have [`FromSql`].
#[doc(hidden)]
pub trait ReadByFromSql<'r, T> {
    #[expect(missing_docs, reason = "only the macros call it")]
    fn read_column(&self, row: &Row<'r>, index: usize) -> Result<T, Error>;
}

impl<'r, T: FromSql<'r>> ReadByFromSql<'r, T> for Tag<T> {
    fn read_column(&self, row: &Row<'r>, index: usize) -> Result<T, Error> {
        row.get(index)
    }
}

/// Of all others.
#[doc(hidden)]
pub trait ReadByDecode<'r, T> {
    #[expect(missing_docs, reason = "only the macros call it")]
    fn read_column(&self, row: &Row<'r>, index: usize) -> Result<T, Error>;
}

impl<'r, T: Decode<'r, Postgres>> ReadByDecode<'r, T> for &Tag<T> {
    fn read_column(&self, row: &Row<'r>, index: usize) -> Result<T, Error> {
        row.decode(index)
    }
}

/// Of a field of a composite, of types that have [`FromSql`].
#[doc(hidden)]
pub trait ReadFieldByFromSql<T> {
    #[expect(missing_docs, reason = "only the macros call it")]
    fn read_field(&self, fields: &mut PgRecordDecoder<'_>) -> Result<T, BoxDynError>;
}

impl<T: for<'r> FromSql<'r>> ReadFieldByFromSql<T> for Tag<T> {
    fn read_field(&self, fields: &mut PgRecordDecoder<'_>) -> Result<T, BoxDynError> {
        fields.try_decode::<Checked<T>>().map(|checked| checked.0)
    }
}

/// Of a field of a composite, of all others.
#[doc(hidden)]
pub trait ReadFieldByDecode<T> {
    #[expect(missing_docs, reason = "only the macros call it")]
    fn read_field(&self, fields: &mut PgRecordDecoder<'_>) -> Result<T, BoxDynError>;
}

impl<T: for<'r> Decode<'r, Postgres> + Type<Postgres>> ReadFieldByDecode<T> for &Tag<T> {
    fn read_field(&self, fields: &mut PgRecordDecoder<'_>) -> Result<T, BoxDynError> {
        fields.try_decode()
    }
}

/// Reads a column whose Rust type the project names.
///
/// ```
/// fn price(row: &xact::generated::Row<'_>) -> Result<Option<i64>, xact::Error> {
///     xact::generated::read_column!(row, 0, Option<i64>)
/// }
/// # let _ = price;
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_read_column {
    ($row:expr, $index:expr, $type:ty) => {{
        use $crate::generated::{ReadByDecode as _, ReadByFromSql as _};
        (&$crate::generated::Tag::<$type>::new()).read_column($row, $index)
    }};
}
