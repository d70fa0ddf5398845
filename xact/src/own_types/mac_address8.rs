//! `macaddr8`: hardware addresses of eight bytes, EUI-64.

use std::fmt;

use sqlx::error::BoxDynError;

use super::built_in::built_in_type;
use crate::values::{FromSql, SqlValue};

/// A hardware address of eight bytes.
///
/// ```
/// let address = xact::types::PgMacAddress8([0x08, 0, 0x2b, 1, 2, 3, 4, 5]);
/// assert_eq!(address.to_string(), "08:00:2b:01:02:03:04:05");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PgMacAddress8(pub [u8; 8]);

impl fmt::Display for PgMacAddress8 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            let colon = if index == 0 { "" } else { ":" };
            write!(formatter, "{colon}{byte:02x}")?;
        }
        Ok(())
    }
}

impl FromSql<'_> for PgMacAddress8 {
    const OIDS: &'static [u32] = &[774];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        value.fixed_bytes().map(Self)
    }
}

built_in_type!(PgMacAddress8, 774, 775, |value, buffer| buffer
    .extend(value.0));
