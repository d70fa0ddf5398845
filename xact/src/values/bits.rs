//! `bit` and `varbit`: the number of bits, and the bits in whole bytes.

#![cfg(feature = "bits")]

use bit_vec::BitVec;
use sqlx::error::BoxDynError;

use super::wire::Reader;
use super::{FromSql, SqlValue};

impl FromSql<'_> for BitVec {
    const OIDS: &'static [u32] = &[1560, 1562];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let mut reader = Reader::new(value.as_bytes()?, "varbit");
        let length = usize::try_from(reader.read_i32()?).map_err(|_| reader.malformed())?;
        let bytes = reader.take_bytes(length.div_ceil(8))?;
        let mut bits = Self::from_bytes(bytes);
        bits.truncate(length);
        Ok(bits)
    }
}
