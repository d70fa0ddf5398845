//! Values as plain text: dates and timestamps by RFC 3339, numbers and addresses as they print themselves.

#[cfg(any(feature = "decimal", feature = "network"))]
use std::fmt::Display;
#[cfg(any(feature = "decimal", feature = "network"))]
use std::str::FromStr;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{OffsetDateTime, PrimitiveDateTime, Time};

use super::iso;
#[cfg(any(feature = "decimal", feature = "network"))]
use super::typed::text;
use super::typed::{Typed, rfc3339};

/// A date, time or timestamp as text.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Iso<T>(T);

/// A value as it prints itself.
#[cfg(any(feature = "decimal", feature = "network"))]
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Printed<T>(T);

macro_rules! iso {
    ($type:ty, $expected:literal, $write:expr, $read:expr) => {
        impl Typed<rfc3339::Kind> for $type {
            type Written = Iso<$type>;

            fn write(&self) -> Self::Written {
                Iso(*self)
            }

            fn read(written: Self::Written) -> Self {
                written.0
            }
        }

        impl Serialize for Iso<$type> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let text = $write(self.0);
                let text = text.ok_or_else(|| S::Error::custom("a year without four digits"))?;
                serializer.serialize_str(&text)
            }
        }

        impl<'de> Deserialize<'de> for Iso<$type> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                // `&str` would refuse a text with escapes, and every input that is read as a
                // stream.
                let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
                let expected = || D::Error::custom(concat!("expected ", $expected));
                $read(&text).map(Self).ok_or_else(expected)
            }
        }
    };
}

iso!(
    OffsetDateTime,
    "a timestamp such as `2025-01-06T09:00:00Z`",
    iso::write_timestamp,
    iso::read_timestamp
);
iso!(
    PrimitiveDateTime,
    "a timestamp such as `2025-01-06T09:00:00`",
    iso::write_local_timestamp,
    iso::read_local_timestamp
);
iso!(
    time::Date,
    "a date such as `2025-01-06`",
    iso::write_date,
    iso::read_date
);
iso!(Time, "a time such as `09:00:00`", write_time, read_time);

/// The text of a time is the end of that of a timestamp.
fn write_time(value: Time) -> Option<String> {
    // A time is written as a timestamp is behind its `T`, whatever the day.
    let epoch = PrimitiveDateTime::new(OffsetDateTime::UNIX_EPOCH.date(), value);
    let text = iso::write_local_timestamp(epoch)?;
    text.split_once('T').map(|(_, time)| time.to_owned())
}

fn read_time(text: &str) -> Option<Time> {
    iso::read_local_timestamp(&format!("1970-01-01T{text}")).map(PrimitiveDateTime::time)
}

#[cfg(any(feature = "decimal", feature = "network"))]
impl<T: Display> Serialize for Printed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[cfg(any(feature = "decimal", feature = "network"))]
impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Printed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

#[cfg(any(feature = "decimal", feature = "network"))]
macro_rules! printed {
    ($type:ty) => {
        impl Typed<text::Kind> for $type {
            type Written = Printed<$type>;

            fn write(&self) -> Self::Written {
                Printed(self.clone())
            }

            fn read(written: Self::Written) -> Self {
                written.0
            }
        }
    };
}

#[cfg(feature = "decimal")]
printed!(rust_decimal::Decimal);
#[cfg(feature = "network")]
printed!(ipnetwork::IpNetwork);
#[cfg(feature = "network")]
printed!(mac_address::MacAddress);

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use serde::{Deserialize, Serialize};
    use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Event {
        #[serde(with = "crate::json::rfc3339")]
        at: OffsetDateTime,
        #[serde(default, with = "crate::json::rfc3339")]
        local: Option<PrimitiveDateTime>,
        #[serde(with = "crate::json::rfc3339")]
        days: Vec<Date>,
        #[serde(with = "crate::json::rfc3339")]
        time: Time,
    }

    #[test]
    fn dates_and_times_are_texts_that_read_back() {
        let at = OffsetDateTime::UNIX_EPOCH;
        let event = Event {
            at,
            local: Some(PrimitiveDateTime::new(at.date(), at.time())),
            days: vec![at.date()],
            time: Time::from_hms_micro(9, 30, 0, 250_000).unwrap(),
        };
        let json = r#"{"at":"1970-01-01T00:00:00+00:00","local":"1970-01-01T00:00:00","days":["1970-01-01"],"time":"09:30:00.250000"}"#;
        assert_eq!(serde_json::to_string(&event).unwrap(), json);
        assert_eq!(serde_json::from_str::<Event>(json).unwrap(), event);
        let missing = r#"{"at":"1970-01-01T00:00:00Z","days":[],"time":"24:00:00"}"#;
        let error = serde_json::from_str::<Event>(missing).unwrap_err();
        assert!(
            error.to_string().contains("expected a time such as"),
            "{error}"
        );
    }

    #[cfg(all(feature = "decimal", feature = "network"))]
    #[test]
    fn numbers_and_addresses_are_texts_that_read_back() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Price {
            #[serde(with = "crate::json::text")]
            amount: rust_decimal::Decimal,
            #[serde(with = "crate::json::text")]
            seen_from: Option<ipnetwork::IpNetwork>,
        }
        let json = r#"{"amount":"0.10","seen_from":"10.0.0.1/32"}"#;
        let price: Price = serde_json::from_str(json).unwrap();
        assert_eq!(price.amount, rust_decimal::Decimal::new(10, 2));
        assert_eq!(serde_json::to_string(&price).unwrap(), json);
    }
}
