//! `pg_lsn`: a position in the write-ahead log.

use std::fmt;
use std::str::FromStr;

use sqlx::error::BoxDynError;

use super::built_in::built_in_type;
use crate::values::{FromSql, SqlValue};

/// A position in the write-ahead log, as `pg_current_wal_lsn()` gives it: the number of a byte.
///
/// ```
/// use xact::types::PgLsn;
///
/// let position: PgLsn = "16/B374D848".parse().unwrap();
/// assert_eq!(position, PgLsn(0x16_B374_D848));
/// assert_eq!(position.to_string(), "16/B374D848");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PgLsn(pub u64);

/// A text that is no position in the write-ahead log: it has to be two hexadecimal numbers with `/` between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a position in the write-ahead log is two hexadecimal numbers of at most 8 digits with `/` between them"
)]
pub struct InvalidLsn;

impl fmt::Display for PgLsn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:X}/{:X}", self.0 >> 32, self.0 & 0xFFFF_FFFF)
    }
}

impl FromStr for PgLsn {
    type Err = InvalidLsn;

    fn from_str(text: &str) -> Result<Self, InvalidLsn> {
        let half = |text: &str| {
            // `from_str_radix` takes a sign.
            let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit());
            let number = digits.then(|| u32::from_str_radix(text, 16).ok());
            number.flatten().map(u64::from)
        };
        let (high, low) = text.split_once('/').ok_or(InvalidLsn)?;
        let (high, low) = half(high).zip(half(low)).ok_or(InvalidLsn)?;
        Ok(Self(high << 32 | low))
    }
}

impl FromSql<'_> for PgLsn {
    const OIDS: &'static [u32] = &[3220];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        value
            .fixed_bytes()
            .map(|bytes| Self(u64::from_be_bytes(bytes)))
    }
}

built_in_type!(PgLsn, 3220, 3221, |value, buffer| buffer
    .extend(value.0.to_be_bytes()));
