//! Dates and times: microseconds or days from the beginning of the year 2000, within the years that the crate `time` has.
//!
//! Chapter "Date/Time Types" of Postgres's manual: years go to 294276 and 5874897 there, and `infinity` is a value. Here they are
//! errors; [`MaybeInfinite`](super::MaybeInfinite) has the infinities.

use sqlx::error::BoxDynError;
use sqlx::postgres::types::PgTimeTz;
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::wire::Reader;
use super::{FromSql, SqlValue, Unreadable};

/// The epoch of Postgres: `POSTGRES_EPOCH_JDATE` in Postgres's `timestamp.h`.
const EPOCH: Date = match Date::from_ordinal_date(2000, 1) {
    Ok(date) => date,
    Err(_) => panic!("the year 2000 has a first day"),
};

/// The number of its first day in `time`'s count of days.
const EPOCH_DAY: i64 = EPOCH.to_julian_day() as i64;

/// `24:00`, the one time of a day that is not before its end.
pub(super) const MICROSECONDS_OF_DAY: i64 = 86_400_000_000;

/// The microseconds since the year 2000 of a timestamp that is not Postgres's `-infinity` or `infinity`.
#[inline]
pub(super) fn read_microseconds(value: SqlValue<'_, '_>) -> Result<i64, BoxDynError> {
    match i64::from_be_bytes(value.fixed_bytes()?) {
        i64::MIN | i64::MAX => Err(infinity_error()),
        microseconds => Ok(microseconds),
    }
}

/// The days since the year 2000 of a date that is not Postgres's `-infinity` or `infinity`.
pub(super) fn read_days(value: SqlValue<'_, '_>) -> Result<i32, BoxDynError> {
    match i32::from_be_bytes(value.fixed_bytes()?) {
        i32::MIN | i32::MAX => Err(infinity_error()),
        days => Ok(days),
    }
}

#[cold]
fn infinity_error() -> BoxDynError {
    let help = "it is `infinity` or `-infinity`; name `xact::types::MaybeInfinite` as the Rust type of the column to read it";
    Unreadable::new(help).into()
}

#[cold]
fn out_of_range() -> BoxDynError {
    Unreadable::new("its year is out of the range of the crate `time`, which is -9999 to 9999")
        .into()
}

/// `24:00` in a type of this name.
#[cold]
pub(super) fn end_of_day(rust_type: &str) -> BoxDynError {
    let problem =
        format!("it is `24:00`, which `{rust_type}` cannot hold; cast it to `text` or `interval`");
    Unreadable::new(problem).into()
}

impl FromSql<'_> for PrimitiveDateTime {
    const OIDS: &'static [u32] = &[1114];

    #[inline]
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        split_timestamp(read_microseconds(value)?)
    }
}

/// Not inlined, as the parts that look at a value are.
fn split_timestamp(microseconds: i64) -> Result<PrimitiveDateTime, BoxDynError> {
    // By days and the rest of a day: adding a `Duration` carries from unit to unit, which takes twice as long.
    let day = EPOCH_DAY + microseconds.div_euclid(MICROSECONDS_OF_DAY);
    let date = i32::try_from(day)
        .ok()
        .and_then(|day| Date::from_julian_day(day).ok());
    let time = time_of(microseconds.rem_euclid(MICROSECONDS_OF_DAY))?;
    Ok(date.ok_or_else(out_of_range)?.with_time(time))
}

impl FromSql<'_> for OffsetDateTime {
    const OIDS: &'static [u32] = &[1184];

    #[inline]
    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        PrimitiveDateTime::from_sql(value).map(PrimitiveDateTime::assume_utc)
    }
}

impl FromSql<'_> for Date {
    const OIDS: &'static [u32] = &[1082];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let days = read_days(value)?;
        EPOCH
            .checked_add(Duration::days(days.into()))
            .ok_or_else(out_of_range)
    }
}

fn time_of(microseconds: i64) -> Result<Time, BoxDynError> {
    match microseconds {
        0..MICROSECONDS_OF_DAY => split_time(microseconds),
        MICROSECONDS_OF_DAY => Err(end_of_day("time::Time")),
        _ => Err(Unreadable::malformed("time").into()),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the remainders of a time of a day"
)]
fn split_time(microseconds: i64) -> Result<Time, BoxDynError> {
    let (seconds, microsecond) = (microseconds / 1_000_000, microseconds % 1_000_000);
    let (minutes, second) = (seconds / 60, seconds % 60);
    let (hour, minute) = (minutes / 60, minutes % 60);
    let time = Time::from_hms_micro(hour as u8, minute as u8, second as u8, microsecond as u32);
    time.map_err(|_| Unreadable::malformed("time").into())
}

impl FromSql<'_> for Time {
    const OIDS: &'static [u32] = &[1083];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        time_of(i64::from_be_bytes(value.fixed_bytes()?))
    }
}

impl FromSql<'_> for PgTimeTz {
    const OIDS: &'static [u32] = &[1266];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let bytes: [u8; 12] = value.fixed_bytes()?;
        let mut reader = Reader::new(&bytes, "timetz");
        let time = time_of(reader.read_i64()?)?;
        // Postgres counts seconds west of Greenwich.
        let east = reader.read_i32()?.checked_neg();
        let offset = east.and_then(|seconds| UtcOffset::from_whole_seconds(seconds).ok());
        Ok(Self {
            time,
            offset: offset.ok_or_else(|| Unreadable::malformed("timetz"))?,
        })
    }
}
