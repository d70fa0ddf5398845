//! Dates and timestamps of the crates `chrono` and `jiff` as sentinel objects, by way of those of `time`, whose grammar they share.

#![cfg(any(feature = "chrono", feature = "jiff"))]

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::sentinel;
use super::typed::{Typed, date, timestamp};

/// A value that is written as one of `time` is.
pub trait Converted: Sized {
    /// How that one is written.
    type Sentinel: Serialize + for<'de> Deserialize<'de>;

    /// None for a value that `time` does not have.
    fn convert(&self) -> Option<Self::Sentinel>;

    /// None for a value that the crate does not have.
    fn revert(sentinel: Self::Sentinel) -> Option<Self>;
}

/// The form that serde writes and reads.
#[derive(Debug)]
pub struct Written<T>(T);

impl<T: Converted> Serialize for Written<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sentinel = self.0.convert();
        let sentinel = sentinel.ok_or_else(|| {
            S::Error::custom("it is a leap second, or its year is not one of four digits")
        })?;
        sentinel.serialize(serializer)
    }
}

impl<'de, T: Converted> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = T::revert(T::Sentinel::deserialize(deserializer)?);
        let value = value.ok_or_else(|| D::Error::custom("the date is out of range"))?;
        Ok(Self(value))
    }
}

macro_rules! convert {
    ($($type:ty: $kind:ident $sentinel:ident by $convert:expr, $revert:expr;)+) => {
        $(
            impl Converted for $type {
                type Sentinel = sentinel::$sentinel;

                fn convert(&self) -> Option<Self::Sentinel> {
                    $convert(*self).map(sentinel::$sentinel)
                }

                fn revert(sentinel: Self::Sentinel) -> Option<Self> {
                    $revert(sentinel.0)
                }
            }

            impl Typed<$kind::Kind> for $type {
                type Written = Written<Self>;

                fn write(&self) -> Self::Written {
                    Written(*self)
                }

                fn read(written: Self::Written) -> Self {
                    written.0
                }
            }
        )+
    };
}

#[cfg(feature = "chrono")]
mod of_chrono {
    use super::{Converted, Typed, Written, date, sentinel, timestamp};
    use chrono::{
        DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _, Utc,
    };
    use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

    convert! {
        DateTime<Utc>: timestamp Timestamp by convert_moment, revert_moment;
        NaiveDateTime: timestamp LocalTimestamp by convert_local, revert_local;
        NaiveDate: date Date by convert_date, revert_date;
    }

    fn convert_moment(value: DateTime<Utc>) -> Option<OffsetDateTime> {
        convert_local(value.naive_utc()).map(PrimitiveDateTime::assume_utc)
    }

    fn revert_moment(value: OffsetDateTime) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(value.unix_timestamp(), value.nanosecond())
    }

    fn convert_local(value: NaiveDateTime) -> Option<PrimitiveDateTime> {
        let time = value.time();
        let number = |number: u32| u8::try_from(number).ok();
        // A leap second has more nanoseconds than `time` takes.
        let time = Time::from_hms_nano(
            number(time.hour())?,
            number(time.minute())?,
            number(time.second())?,
            time.nanosecond(),
        );
        let date = convert_date(value.date())?;
        Some(PrimitiveDateTime::new(date, time.ok()?))
    }

    fn revert_local(value: PrimitiveDateTime) -> Option<NaiveDateTime> {
        let (hour, minute, second, nanosecond) = value.as_hms_nano();
        let (hour, minute, second) = (hour.into(), minute.into(), second.into());
        let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanosecond)?;
        Some(revert_date(value.date())?.and_time(time))
    }

    fn convert_date(value: NaiveDate) -> Option<Date> {
        let month = Month::try_from(u8::try_from(value.month()).ok()?).ok()?;
        let day = u8::try_from(value.day()).ok()?;
        Date::from_calendar_date(value.year(), month, day).ok()
    }

    fn revert_date(value: Date) -> Option<NaiveDate> {
        let (year, month, day) = value.to_calendar_date();
        NaiveDate::from_ymd_opt(year, u8::from(month).into(), day.into())
    }
}

#[cfg(feature = "jiff")]
mod of_jiff {
    use super::{Converted, Typed, Written, date, sentinel, timestamp};
    use jiff::Timestamp;
    use jiff::civil::{Date, DateTime, Time};
    use time::{Month, OffsetDateTime, PrimitiveDateTime};

    convert! {
        Timestamp: timestamp Timestamp by convert_moment, revert_moment;
        DateTime: timestamp LocalTimestamp by convert_local, revert_local;
        Date: date Date by convert_date, revert_date;
    }

    fn convert_moment(value: Timestamp) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp_nanos(value.as_nanosecond()).ok()
    }

    fn revert_moment(value: OffsetDateTime) -> Option<Timestamp> {
        Timestamp::from_nanosecond(value.unix_timestamp_nanos()).ok()
    }

    fn convert_local(value: DateTime) -> Option<PrimitiveDateTime> {
        let number = |number: i8| u8::try_from(number).ok();
        let time = time::Time::from_hms_nano(
            number(value.hour())?,
            number(value.minute())?,
            number(value.second())?,
            u32::try_from(value.subsec_nanosecond()).ok()?,
        );
        let date = convert_date(value.date())?;
        Some(PrimitiveDateTime::new(date, time.ok()?))
    }

    fn revert_local(value: PrimitiveDateTime) -> Option<DateTime> {
        let (hour, minute, second, nanosecond) = value.as_hms_nano();
        let number = |number: u8| i8::try_from(number).ok();
        let time = Time::new(
            number(hour)?,
            number(minute)?,
            number(second)?,
            i32::try_from(nanosecond).ok()?,
        );
        let date = revert_date(value.date())?;
        Some(DateTime::from_parts(date, time.ok()?))
    }

    fn convert_date(value: Date) -> Option<time::Date> {
        let month = Month::try_from(u8::try_from(value.month()).ok()?).ok()?;
        let day = u8::try_from(value.day()).ok()?;
        time::Date::from_calendar_date(value.year().into(), month, day).ok()
    }

    fn revert_date(value: time::Date) -> Option<Date> {
        let (year, month, day) = value.to_calendar_date();
        let month = i8::try_from(u8::from(month)).ok()?;
        Date::new(i16::try_from(year).ok()?, month, i8::try_from(day).ok()?).ok()
    }
}

#[cfg(all(test, feature = "chrono", feature = "jiff"))]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{Converted, Written};
    use serde_json::{from_value, json, to_value};

    fn check<T: Converted + Copy + PartialEq + std::fmt::Debug>(value: T, kind: &str, text: &str) {
        let written = to_value(Written(value)).unwrap();
        assert_eq!(written, json!({ "__sentinel": kind, "value": text }));
        let read: Written<T> = from_value(written).unwrap();
        assert_eq!(read.0, value);
    }

    #[test]
    fn dates_of_every_crate_have_the_same_sentinels() {
        let day = "2025-01-06";
        let local = "2025-01-06T09:00:00.250000";
        let moment = "2025-01-06T09:00:00.250000+00:00";
        let of_chrono: chrono::NaiveDateTime = local.parse().unwrap();
        check(of_chrono, "timestamp", local);
        check(of_chrono.date(), "date", day);
        check(of_chrono.and_utc(), "timestamp", moment);
        let of_jiff: jiff::civil::DateTime = local.parse().unwrap();
        check(of_jiff, "timestamp", local);
        check(of_jiff.date(), "date", day);
        check(
            "2025-01-06T09:00:00.25Z"
                .parse::<jiff::Timestamp>()
                .unwrap(),
            "timestamp",
            moment,
        );
    }

    #[test]
    fn a_moment_with_an_offset_is_read_as_that_moment() {
        let written = json!({ "__sentinel": "timestamp", "value": "2025-01-06T10:00:00+01:00" });
        let read: Written<chrono::DateTime<chrono::Utc>> = from_value(written.clone()).unwrap();
        assert_eq!(read.0.to_rfc3339(), "2025-01-06T09:00:00+00:00");
        let read: Written<jiff::Timestamp> = from_value(written).unwrap();
        assert_eq!(read.0.to_string(), "2025-01-06T09:00:00Z");
    }

    #[test]
    fn a_year_without_four_digits_and_a_leap_second_are_refused() {
        let early = chrono::NaiveDate::from_ymd_opt(-1, 1, 1).unwrap();
        assert!(to_value(Written(early)).is_err());
        let midnight = chrono::NaiveDate::from_ymd_opt(2016, 12, 31).unwrap();
        let leap = midnight.and_hms_milli_opt(23, 59, 59, 1_500).unwrap();
        assert!(to_value(Written(leap)).is_err());
    }
}
