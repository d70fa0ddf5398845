//! Any JSON, made of Rust values.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde_json::Number;
use time::{OffsetDateTime, PrimitiveDateTime};

use super::Value;

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

/// JSON as text.
impl FromStr for Value {
    type Err = serde_json::Error;

    fn from_str(json: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(json)
    }
}

/// `null` for what is no number, or not a finite one, as `serde_json` does it.
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

/// What `serde_json` makes of the JSON: a date is an object there, the sentinel.
impl From<Value> for serde_json::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(value) => Self::Number(value),
            Value::String(value) => Self::String(value),
            Value::Array(values) => values.into_iter().map(Self::from).collect(),
            Value::Object(values) => values
                .into_iter()
                .map(|(key, value)| (key, Self::from(value)))
                .collect(),
            // Only a year without four digits cannot be written, and then there is no ISO 8601 of it.
            date => serde_json::to_value(date).unwrap_or(Self::Null),
        }
    }
}
