//! Any JSON, made of Rust values.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::de::Error as _;
use time::{OffsetDateTime, PrimitiveDateTime};

use super::{Number, Value, parse::parse_json};

macro_rules! from {
    ($($variant:ident: $($type:ty),+;)+) => {
        $($(
            impl From<$type> for Value {
                fn from(value: $type) -> Self {
                    Self::$variant(value.into())
                }
            }
        )+)+
    };
}

from! {
    Bool: bool;
    Number: i16, i32, i64, u16, u32, u64;
    String: &str, String;
    Timestamp: OffsetDateTime;
    LocalTimestamp: PrimitiveDateTime;
    Date: time::Date;
    Object: BTreeMap<String, Value>;
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        Self::Number(value)
    }
}

/// JSON as text.
impl FromStr for Value {
    type Err = serde_json::Error;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        parse_json(json)
    }
}

/// `null` for `NaN` and infinities, as in `serde_json`.
impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Number::from_f64(value).map_or(Self::Null, Self::Number)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        values.into_iter().collect()
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::Array(values.into_iter().map(Into::into).collect())
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Value {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(values: I) -> Self {
        let values = values.into_iter();
        Self::Object(
            values
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }
}

/// The JSON in `serde_json`'s words: a date is an object there, the sentinel.
///
/// ```
/// use xact::json::Value;
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let value: Value = r#"{"pages": 320}"#.parse()?;
/// assert_eq!(serde_json::Value::try_from(value)?, serde_json::json!({ "pages": 320 }));
///
/// let value: Value = "123456789012345678901234567890".parse()?;
/// assert!(serde_json::Value::try_from(value).is_err());
/// # Ok(()) }
/// ```
///
/// # Errors
/// A number has more digits than `serde_json` keeps, or a date has a year without four digits.
impl TryFrom<Value> for serde_json::Value {
    type Error = serde_json::Error;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        Ok(match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(value) => Self::Number(value.to_serde().ok_or_else(too_many_digits)?),
            Value::String(value) => Self::String(value),
            Value::Array(values) => {
                let values = values.into_iter().map(Self::try_from);
                Self::Array(values.collect::<Result<_, _>>()?)
            }
            Value::Object(values) => {
                let values = values.into_iter();
                let values = values.map(|(key, value)| Ok((key, Self::try_from(value)?)));
                Self::Object(values.collect::<Result<_, Self::Error>>()?)
            }
            date => serde_json::to_value(date)?,
        })
    }
}

fn too_many_digits() -> serde_json::Error {
    serde_json::Error::custom("a number has more digits than `serde_json` keeps")
}
