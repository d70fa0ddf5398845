//! Dates and timestamps as objects with a sentinel key.

use serde::de::Error as _;
use serde::ser::{Error as _, SerializeStruct as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{OffsetDateTime, PrimitiveDateTime};

use super::iso;

/// The key of an object that is a value of another type.
pub(super) const KEY: &str = "__sentinel";

/// The values of that key.
pub(super) const TIMESTAMP: &str = "timestamp";
pub(super) const DATE: &str = "date";

/// A moment, with the offset of the clock that showed it.
///
/// ```
/// use xact::json::Timestamp;
/// use xact::types::OffsetDateTime;
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let json = serde_json::to_value(Timestamp(OffsetDateTime::UNIX_EPOCH))?;
/// assert_eq!(json, serde_json::json!({ "__sentinel": "timestamp", "value": "1970-01-01T00:00:00+00:00" }));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub OffsetDateTime);

/// A date and time of an unknown time zone. It has the same sentinel, and a value without an offset.
///
/// ```
/// use xact::json::LocalTimestamp;
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let json = r#"{"__sentinel":"timestamp","value":"2025-01-06T09:00:00"}"#;
/// assert_eq!(serde_json::from_str::<LocalTimestamp>(json)?.0.hour(), 9);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTimestamp(pub PrimitiveDateTime);

/// A day.
///
/// ```
/// use xact::json::Date;
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let json = r#"{"__sentinel":"date","value":"2025-01-06"}"#;
/// assert_eq!(serde_json::from_str::<Date>(json)?.0.year(), 2025);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub time::Date);

fn write_sentinel<S: Serializer>(
    serializer: S,
    sentinel: &'static str,
    value: Option<String>,
) -> Result<S::Ok, S::Error> {
    let Some(value) = value else {
        return Err(S::Error::custom(
            "a year without four digits, or an offset of a day and more, cannot be written as ISO 8601",
        ));
    };
    let mut object = serializer.serialize_struct("Sentinel", 2)?;
    object.serialize_field(KEY, sentinel)?;
    object.serialize_field("value", &value)?;
    object.end()
}

/// Reads an object with the expected sentinel, and its text by `parse`.
fn read_sentinel<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    sentinel: &'static str,
    parse: fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sentinel {
        __sentinel: String,
        value: String,
    }
    let found = Sentinel::deserialize(deserializer)?;
    if found.__sentinel != sentinel {
        let message = format!("`{}` is not the sentinel `{sentinel}`", found.__sentinel);
        return Err(D::Error::custom(message));
    }
    parse(&found.value).ok_or_else(|| D::Error::custom(not_one(sentinel, &found.value)))
}

/// The message about a value that does not fit its sentinel.
fn not_one(sentinel: &str, value: &str) -> String {
    format!("`{value}` is not an ISO 8601 {sentinel}")
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_sentinel(serializer, TIMESTAMP, iso::write_timestamp(self.0))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_sentinel(deserializer, TIMESTAMP, iso::read_timestamp).map(Self)
    }
}

impl Serialize for LocalTimestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_sentinel(serializer, TIMESTAMP, iso::write_local_timestamp(self.0))
    }
}

impl<'de> Deserialize<'de> for LocalTimestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_sentinel(deserializer, TIMESTAMP, iso::read_local_timestamp).map(Self)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_sentinel(serializer, DATE, iso::write_date(self.0))
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_sentinel(deserializer, DATE, iso::read_date).map(Self)
    }
}
