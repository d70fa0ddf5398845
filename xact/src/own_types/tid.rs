//! `tid`: where a row version lies, which sqlx has no type for.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
use sqlx::{Decode, Encode, Postgres, Type};

use crate::values::{FromSql, SqlValue};

/// Where a row version lies, as `ctid` gives it: a block and an offset in it.
///
/// It identifies a row only until the row is changed or moved: for use within one transaction.
///
/// ```
/// let first = xact::types::PgTid { block: 0, offset: 1 };
/// assert_eq!(first.to_string(), "(0,1)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PgTid {
    /// The number of the block, from 0.
    pub block: u32,
    /// The place in the block, from 1.
    pub offset: u16,
}

/// The OIDs of `tid` and `tid[]`, in Postgres's `pg_type.dat`.
const TID: Oid = Oid(27);
const TID_ARRAY: Oid = Oid(1010);

impl std::fmt::Display for PgTid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({},{})", self.block, self.offset)
    }
}

impl Type<Postgres> for PgTid {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(TID)
    }
}

impl PgHasArrayType for PgTid {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(TID_ARRAY)
    }
}

impl Encode<'_, Postgres> for PgTid {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buffer.extend_from_slice(&self.block.to_be_bytes());
        buffer.extend_from_slice(&self.offset.to_be_bytes());
        Ok(IsNull::No)
    }
}

impl Decode<'_, Postgres> for PgTid {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        SqlValue::decode(&value)
    }
}

impl FromSql<'_> for PgTid {
    const OIDS: &'static [u32] = &[27];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let [block @ .., high, low]: [u8; 6] = value.fixed_bytes()?;
        Ok(Self {
            block: u32::from_be_bytes(block),
            offset: u16::from_be_bytes([high, low]),
        })
    }
}
