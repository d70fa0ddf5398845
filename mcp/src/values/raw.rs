//! Bytes of Postgres's binary format as an argument of a call, and as a column of a row.

use sqlx::Postgres;
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArgumentBuffer;
use xact::generated::Row;
use xact::{FromSql, SqlValue};

/// A value in Postgres's binary format; none for NULL.
#[derive(Clone, Debug, Default)]
pub(crate) struct RawValue {
    /// The OID of its type in the database that it came from; 0 for an argument.
    pub(crate) oid: u32,
    pub(crate) bytes: Option<Vec<u8>>,
}

impl RawValue {
    /// An argument.
    pub(crate) fn of_bytes(bytes: Option<Vec<u8>>) -> Self {
        Self { oid: 0, bytes }
    }

    /// How many bytes it has.
    pub(crate) fn size(&self) -> usize {
        self.bytes.as_ref().map_or(0, Vec::len)
    }
}

impl<'r> FromSql<'r> for RawValue {
    fn from_sql(value: SqlValue<'r, '_>) -> Result<Self, BoxDynError> {
        let bytes = if value.is_null() {
            None
        } else {
            Some(value.as_bytes()?.to_vec())
        };
        Ok(Self {
            oid: value.oid(),
            bytes,
        })
    }
}

/// The runtime declares the type of the parameter, so these are only the bytes.
impl Encode<'_, Postgres> for RawValue {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        match &self.bytes {
            None => Ok(IsNull::Yes),
            Some(bytes) => {
                buffer.extend_from_slice(bytes);
                Ok(IsNull::No)
            }
        }
    }
}

/// The columns of a row.
pub(crate) type RawRow = Vec<RawValue>;

/// Reads all columns of a row: the function that every call is given.
pub(crate) fn read_raw_row(row: &Row<'_>) -> Result<RawRow, xact::Error> {
    (0..row.count_columns())
        .map(|index| row.get(index))
        .collect()
}
