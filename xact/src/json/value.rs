//! Any JSON, with dates and timestamps among the values.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use time::{OffsetDateTime, PrimitiveDateTime};

use super::sentinel::{self, DATE, KEY, TIMESTAMP};
use super::{Number, iso};

/// Any JSON, with dates and timestamps among the values.
///
/// A `json` or `jsonb` column has this type unless `schema_annotations.yaml` says otherwise. It is read from any JSON and written as
/// JSON, so it fits wherever `serde_json::Value` does, and `into()` converts one to it. An object that is not exactly a sentinel
/// this crate knows, with a value that can be read, is an object.
///
/// Numbers keep all of their digits. JSON with more than 128 levels is an error.
///
/// ```
/// use xact::json::Value;
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let json = r#"{"days":[{"__sentinel":"date","value":"2025-01-06"}],"of":"holiday"}"#;
/// let value: Value = serde_json::from_str(json)?;
/// let Value::Object(object) = &value else { panic!() };
/// let Value::Array(days) = &object["days"] else { panic!() };
/// assert!(matches!(days[0], Value::Date(day) if day.year() == 2025));
/// assert_eq!(serde_json::to_string(&value)?, json);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, with all of its digits.
    Number(Number),
    /// Text.
    String(String),
    /// A moment, with an offset.
    Timestamp(OffsetDateTime),
    /// A timestamp without an offset.
    LocalTimestamp(PrimitiveDateTime),
    /// A day.
    Date(time::Date),
    /// A list.
    Array(Vec<Value>),
    /// An object, by key.
    Object(BTreeMap<String, Value>),
}

impl From<serde_json::Value> for Value {
    fn from(json: serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(value),
            serde_json::Value::Number(value) => Self::Number(value.into()),
            serde_json::Value::String(value) => Self::String(value),
            serde_json::Value::Array(values) => {
                Self::Array(values.into_iter().map(Self::from).collect())
            }
            serde_json::Value::Object(object) => {
                let values = object.into_iter();
                of_object(values.map(|(key, value)| (key, value.into())).collect())
            }
        }
    }
}

/// A sentinel whose text is no date stays an object: every value of a column has to be readable, whichever program wrote it.
pub(super) fn of_object(object: BTreeMap<String, Value>) -> Value {
    match as_sentinel(&object).and_then(|(kind, text)| read_sentinel_value(kind, text)) {
        Some(value) => value,
        None => Value::Object(object),
    }
}

fn read_sentinel_value(kind: &str, text: &str) -> Option<Value> {
    match kind {
        TIMESTAMP => iso::read_timestamp(text)
            .map(Value::Timestamp)
            .or_else(|| iso::read_local_timestamp(text).map(Value::LocalTimestamp)),
        _ => iso::read_date(text).map(Value::Date),
    }
}

/// The kind and the text of an object that is exactly a sentinel of a kind that is known.
fn as_sentinel(object: &BTreeMap<String, Value>) -> Option<(&str, &str)> {
    if object.len() != 2 {
        return None;
    }
    let kind = object.get(KEY)?.as_str()?;
    let text = object.get("value")?.as_str()?;
    [TIMESTAMP, DATE].contains(&kind).then_some((kind, text))
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => value.serialize(serializer),
            Self::String(value) => serializer.serialize_str(value),
            Self::Timestamp(value) => sentinel::Timestamp(*value).serialize(serializer),
            Self::LocalTimestamp(value) => sentinel::LocalTimestamp(*value).serialize(serializer),
            Self::Date(value) => sentinel::Date(*value).serialize(serializer),
            Self::Array(values) => values.serialize(serializer),
            Self::Object(values) => values.serialize(serializer),
        }
    }
}
