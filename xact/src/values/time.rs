//! Dates and times: microseconds or days from the beginning of the year 2000, within the years that the crate `time` has.
//!
//! Chapter "Date/Time Types" of Postgres's manual: years go to 294276 and 5874897 there, and `infinity` is a value. Here they are
//! errors; [`MaybeInfinite`](super::MaybeInfinite) has the infinities.

use sqlx::error::BoxDynError;
use sqlx::postgres::types::PgTimeTz;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::wire::Reader;
use super::{FromSql, SqlValue, Unreadable};

/// The Julian day of the first day of the year 2000: `POSTGRES_EPOCH_JDATE` in Postgres's `timestamp.h`.
const EPOCH: i64 = 2_451_545;

/// `24:00`, the one time of a day that is not before its end.
const MICROSECONDS_OF_DAY: i64 = 86_400_000_000;

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

#[cold]
fn end_of_day() -> BoxDynError {
    Unreadable::new(
        "it is `24:00`, which `time::Time` cannot hold; cast it to `text` or `interval`",
    )
    .into()
}

impl FromSql<'_> for PrimitiveDateTime {
    const OIDS: &'static [u32] = &[1114];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let microseconds = i64::from_be_bytes(value.fixed_bytes()?);
        if matches!(microseconds, i64::MIN | i64::MAX) {
            return Err(infinity_error());
        }
        // Two divisions: adding a `time::Duration` takes three times as many instructions.
        let date = date_of(microseconds.div_euclid(MICROSECONDS_OF_DAY))?;
        let time = time_of(microseconds.rem_euclid(MICROSECONDS_OF_DAY))?;
        Ok(date.with_time(time))
    }
}

impl FromSql<'_> for OffsetDateTime {
    const OIDS: &'static [u32] = &[1184];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        PrimitiveDateTime::from_sql(value).map(PrimitiveDateTime::assume_utc)
    }
}

impl FromSql<'_> for Date {
    const OIDS: &'static [u32] = &[1082];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let days = i32::from_be_bytes(value.fixed_bytes()?);
        if matches!(days, i32::MIN | i32::MAX) {
            return Err(infinity_error());
        }
        date_of(days.into())
    }
}

/// The date so many days after the epoch.
fn date_of(days: i64) -> Result<Date, BoxDynError> {
    let julian_day = i32::try_from(days.saturating_add(EPOCH)).ok();
    let date = julian_day.and_then(|day| Date::from_julian_day(day).ok());
    date.ok_or_else(out_of_range)
}

fn time_of(microseconds: i64) -> Result<Time, BoxDynError> {
    if microseconds == MICROSECONDS_OF_DAY {
        return Err(end_of_day());
    }
    split_time(microseconds).ok_or_else(|| Unreadable::malformed("time").into())
}

fn split_time(microseconds: i64) -> Option<Time> {
    let seconds = u32::try_from(microseconds.div_euclid(1_000_000)).ok()?;
    let fraction = u32::try_from(microseconds.rem_euclid(1_000_000)).ok()?;
    let hour = u8::try_from(seconds / 3600).ok()?;
    let [minute, second] = [seconds / 60 % 60, seconds % 60].map(|part| u8::try_from(part).ok());
    Time::from_hms_micro(hour, minute?, second?, fraction).ok()
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

#[cfg(test)]
mod tests {
    use time::{Date, Duration, Month, PrimitiveDateTime, Time};

    use super::{FromSql, SqlValue};

    fn read<T: for<'r> FromSql<'r>>(bytes: &[u8]) -> Option<T> {
        T::from_sql(SqlValue::new(Some(bytes), 0, None)).ok()
    }

    fn epoch() -> Date {
        Date::from_calendar_date(2000, Month::January, 1).unwrap()
    }

    #[test]
    fn moments_are_those_that_the_crate_time_adds_up() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..20_000 {
            // Every magnitude, both signs, and both sides of the first and the last year.
            let microseconds = random.i64(..) >> random.u32(..63);
            let added = Duration::microseconds(microseconds);
            let expected = epoch().midnight().checked_add(added);
            let found: Option<PrimitiveDateTime> = read(&microseconds.to_be_bytes());
            assert_eq!(found, expected, "{microseconds}");

            let days = random.i32(..) >> random.u32(..31);
            let expected = epoch().checked_add(Duration::days(days.into()));
            assert_eq!(read::<Date>(&days.to_be_bytes()), expected, "{days}");

            let of_day = random.i64(0..86_400_000_000);
            let expected = Time::MIDNIGHT + Duration::microseconds(of_day);
            assert_eq!(read(&of_day.to_be_bytes()), Some(expected), "{of_day}");
        }
    }

    #[test]
    fn times_outside_of_a_day_are_errors() {
        for microseconds in [-1, 86_400_000_000, 86_400_000_001, i64::MIN, i64::MAX] {
            assert_eq!(
                read::<Time>(&microseconds.to_be_bytes()),
                None,
                "{microseconds}"
            );
        }
    }
}
