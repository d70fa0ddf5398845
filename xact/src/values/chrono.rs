//! Dates and times as those of the crate `chrono`, within the years that it has.
//!
//! The years of a `timestamptz` go to 294276 and those of a `date` to 5874897, those of chrono to 262142. chrono's leap seconds are
//! refused: Postgres has none, and would store the first second of the next minute.

#![cfg(feature = "chrono")]

use chrono::{
    DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeDelta, TimeZone,
    Timelike as _, Utc,
};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArgumentBuffer;

use super::infinite::HasInfinity;
use super::time::{MICROSECONDS_OF_DAY, end_of_day, read_days, read_microseconds};
use super::{FromSql, SqlValue, ToSql, Unreadable};

/// The epoch of Postgres: `POSTGRES_EPOCH_JDATE` in Postgres's `timestamp.h`.
const EPOCH: NaiveDate = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(date) => date,
    None => panic!("the year 2000 has a first day"),
};

#[cold]
fn out_of_range() -> BoxDynError {
    Unreadable::new(
        "its year is out of the range of the crate `chrono`, which is -262143 to 262142",
    )
    .into()
}

/// A leap second is a second of 1,000,000,000 nanoseconds and more in chrono.
fn refuse_leap_second(time: NaiveTime) -> Result<(), BoxDynError> {
    if time.nanosecond() >= 1_000_000_000 {
        return Err(Unreadable::new("it is a leap second, which Postgres does not have").into());
    }
    Ok(())
}

impl FromSql<'_> for NaiveDateTime {
    const OIDS: &'static [u32] = &[1114];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let microseconds = read_microseconds(value)?;
        EPOCH
            .and_time(NaiveTime::MIN)
            .checked_add_signed(TimeDelta::microseconds(microseconds))
            .ok_or_else(out_of_range)
    }
}

impl ToSql for NaiveDateTime {
    const OID: u32 = 1114;
    const ARRAY_OID: u32 = 1115;
    const RANGE_OIDS: (u32, u32) = (3908, 3909);

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        refuse_leap_second(self.time())?;
        let elapsed = self.signed_duration_since(EPOCH.and_time(NaiveTime::MIN));
        let microseconds = elapsed.num_microseconds().ok_or_else(out_of_range)?;
        buffer.extend(microseconds.to_be_bytes());
        Ok(IsNull::No)
    }
}

impl HasInfinity for NaiveDateTime {
    const NEGATIVE: &'static [u8] = &i64::MIN.to_be_bytes();
    const POSITIVE: &'static [u8] = &i64::MAX.to_be_bytes();
}

impl FromSql<'_> for DateTime<Utc> {
    const OIDS: &'static [u32] = &[1184];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        NaiveDateTime::from_sql(value).map(|moment| moment.and_utc())
    }
}

impl FromSql<'_> for DateTime<FixedOffset> {
    const OIDS: &'static [u32] = &[1184];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let moment = DateTime::<Utc>::from_sql(value)?;
        Ok(moment.with_timezone(&Utc.fix()))
    }
}

impl<Z: TimeZone> ToSql for DateTime<Z> {
    const OID: u32 = 1184;
    const ARRAY_OID: u32 = 1185;
    const RANGE_OIDS: (u32, u32) = (3910, 3911);

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.naive_utc().to_sql(buffer)
    }
}

impl<Z: TimeZone> HasInfinity for DateTime<Z> {
    const NEGATIVE: &'static [u8] = &i64::MIN.to_be_bytes();
    const POSITIVE: &'static [u8] = &i64::MAX.to_be_bytes();
}

impl FromSql<'_> for NaiveDate {
    const OIDS: &'static [u32] = &[1082];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let days = read_days(value)?;
        EPOCH
            .checked_add_signed(TimeDelta::days(days.into()))
            .ok_or_else(out_of_range)
    }
}

impl ToSql for NaiveDate {
    const OID: u32 = 1082;
    const ARRAY_OID: u32 = 1182;
    const RANGE_OIDS: (u32, u32) = (3912, 3913);

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let days = self.signed_duration_since(EPOCH).num_days();
        buffer.extend(i32::try_from(days)?.to_be_bytes());
        Ok(IsNull::No)
    }
}

impl HasInfinity for NaiveDate {
    const NEGATIVE: &'static [u8] = &i32::MIN.to_be_bytes();
    const POSITIVE: &'static [u8] = &i32::MAX.to_be_bytes();
}

impl FromSql<'_> for NaiveTime {
    const OIDS: &'static [u32] = &[1083];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let microseconds = i64::from_be_bytes(value.fixed_bytes()?);
        match microseconds {
            // `NaiveTime` wraps around at midnight, so the range is checked before.
            0..MICROSECONDS_OF_DAY => Ok(Self::MIN + TimeDelta::microseconds(microseconds)),
            MICROSECONDS_OF_DAY => Err(end_of_day("chrono::NaiveTime")),
            _ => Err(Unreadable::malformed("time").into()),
        }
    }
}

impl ToSql for NaiveTime {
    const OID: u32 = 1083;
    const ARRAY_OID: u32 = 1183;

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        refuse_leap_second(*self)?;
        let seconds = i64::from(self.num_seconds_from_midnight());
        let microseconds = seconds * 1_000_000 + i64::from(self.nanosecond() / 1000);
        buffer.extend(microseconds.to_be_bytes());
        Ok(IsNull::No)
    }
}
