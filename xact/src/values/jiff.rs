//! Dates and times as those of the crate `jiff`, within the years that it has: -9999 to 9999.

#![cfg(feature = "jiff")]

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArgumentBuffer;

use super::infinite::HasInfinity;
use super::time::{MICROSECONDS_OF_DAY, end_of_day, read_days, read_microseconds};
use super::{FromSql, SqlValue, ToSql, Unreadable};

/// The epoch of Postgres: `POSTGRES_EPOCH_JDATE` in Postgres's `timestamp.h`.
const EPOCH: Date = jiff::civil::date(2000, 1, 1);

/// The same moment, in microseconds of the Unix epoch.
const EPOCH_MICROSECONDS: i64 = 946_684_800_000_000;

#[cold]
fn out_of_range() -> BoxDynError {
    Unreadable::new("its year is out of the range of the crate `jiff`, which is -9999 to 9999")
        .into()
}

impl FromSql<'_> for Timestamp {
    const OIDS: &'static [u32] = &[1184];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let microseconds = read_microseconds(value)?.checked_add(EPOCH_MICROSECONDS);
        let moment =
            microseconds.and_then(|microseconds| Self::from_microsecond(microseconds).ok());
        moment.ok_or_else(out_of_range)
    }
}

impl ToSql for Timestamp {
    const OID: u32 = 1184;
    const ARRAY_OID: u32 = 1185;
    const RANGE_OIDS: (u32, u32) = (3910, 3911);

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        // The years of jiff are far from the limits of an `i64`.
        let microseconds = self.as_microsecond() - EPOCH_MICROSECONDS;
        buffer.extend(microseconds.to_be_bytes());
        Ok(IsNull::No)
    }
}

impl HasInfinity for Timestamp {
    const NEGATIVE: &'static [u8] = &i64::MIN.to_be_bytes();
    const POSITIVE: &'static [u8] = &i64::MAX.to_be_bytes();
}

impl FromSql<'_> for DateTime {
    const OIDS: &'static [u32] = &[1114];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let elapsed = SignedDuration::from_micros(read_microseconds(value)?);
        let epoch = EPOCH.at(0, 0, 0, 0);
        epoch.checked_add(elapsed).map_err(|_| out_of_range())
    }
}

impl ToSql for DateTime {
    const OID: u32 = 1114;
    const ARRAY_OID: u32 = 1115;
    const RANGE_OIDS: (u32, u32) = (3908, 3909);

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let elapsed = self.duration_since(EPOCH.at(0, 0, 0, 0));
        buffer.extend(i64::try_from(elapsed.as_micros())?.to_be_bytes());
        Ok(IsNull::No)
    }
}

impl HasInfinity for DateTime {
    const NEGATIVE: &'static [u8] = &i64::MIN.to_be_bytes();
    const POSITIVE: &'static [u8] = &i64::MAX.to_be_bytes();
}

impl FromSql<'_> for Date {
    const OIDS: &'static [u32] = &[1082];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let days = read_days(value)?;
        let elapsed = SignedDuration::from_hours(24 * i64::from(days));
        EPOCH.checked_add(elapsed).map_err(|_| out_of_range())
    }
}

impl ToSql for Date {
    const OID: u32 = 1082;
    const ARRAY_OID: u32 = 1182;
    const RANGE_OIDS: (u32, u32) = (3912, 3913);

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let days = self.duration_since(EPOCH).as_hours() / 24;
        buffer.extend(i32::try_from(days)?.to_be_bytes());
        Ok(IsNull::No)
    }
}

impl HasInfinity for Date {
    const NEGATIVE: &'static [u8] = &i32::MIN.to_be_bytes();
    const POSITIVE: &'static [u8] = &i32::MAX.to_be_bytes();
}

impl FromSql<'_> for Time {
    const OIDS: &'static [u32] = &[1083];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let microseconds = i64::from_be_bytes(value.fixed_bytes()?);
        match microseconds {
            0..MICROSECONDS_OF_DAY => {
                let elapsed = SignedDuration::from_micros(microseconds);
                let time = Self::midnight().checked_add(elapsed);
                time.map_err(|_| Unreadable::malformed("time").into())
            }
            MICROSECONDS_OF_DAY => Err(end_of_day("jiff::civil::Time")),
            _ => Err(Unreadable::malformed("time").into()),
        }
    }
}

impl ToSql for Time {
    const OID: u32 = 1083;
    const ARRAY_OID: u32 = 1183;

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let elapsed = self.duration_since(Self::midnight());
        buffer.extend(i64::try_from(elapsed.as_micros())?.to_be_bytes());
        Ok(IsNull::No)
    }
}
