//! Looking into any JSON, in the words of `serde_json`.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Index;

use time::{OffsetDateTime, PrimitiveDateTime};

use super::Value;

/// The content of a value by its kind. Each method gives `None` for a value of another kind.
///
/// ```
/// use xact::json::Value;
///
/// let story: Value = serde_json::json!({
///     "by": { "name": "Ada", "age": 36 },
///     "days": [{ "__sentinel": "date", "value": "2025-01-06" }],
/// })
/// .into();
/// assert_eq!(story["by"]["name"].as_str(), Some("Ada"));
/// assert_eq!(story["by"]["age"].as_i64(), Some(36));
/// assert_eq!(story["days"][0].as_date().map(|day| day.year()), Some(2025));
/// assert!(story["by"]["address"].is_null());
/// assert_eq!(story["days"].to_string(), r#"[{"__sentinel":"date","value":"2025-01-06"}]"#);
/// ```
impl Value {
    /// The value under this key of an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// `true` or `false`.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// A whole number that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(value) => value.as_i64(),
            _ => None,
        }
    }

    /// A whole number that is not negative.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Number(value) => value.as_u64(),
            _ => None,
        }
    }

    /// Any number, as near as a float comes to it; `None` past the largest float.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(value) => value.as_f64(),
            _ => None,
        }
    }

    /// Text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(value) => Some(value),
            _ => None,
        }
    }

    /// A moment, with an offset.
    pub fn as_timestamp(&self) -> Option<OffsetDateTime> {
        match self {
            Self::Timestamp(value) => Some(*value),
            _ => None,
        }
    }

    /// A timestamp without an offset.
    pub fn as_local_timestamp(&self) -> Option<PrimitiveDateTime> {
        match self {
            Self::LocalTimestamp(value) => Some(*value),
            _ => None,
        }
    }

    /// A day.
    pub fn as_date(&self) -> Option<time::Date> {
        match self {
            Self::Date(value) => Some(*value),
            _ => None,
        }
    }

    /// A list.
    pub fn as_array(&self) -> Option<&Vec<Self>> {
        match self {
            Self::Array(values) => Some(values),
            _ => None,
        }
    }

    /// An object, by key.
    pub fn as_object(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Object(values) => Some(values),
            _ => None,
        }
    }
}

/// As in `serde_json`, a missing key or index gives `null`.
static NULL: Value = Value::Null;

impl Index<&str> for Value {
    type Output = Self;

    fn index(&self, key: &str) -> &Self {
        self.get(key).unwrap_or(&NULL)
    }
}

impl Index<usize> for Value {
    type Output = Self;

    fn index(&self, index: usize) -> &Self {
        let element = self.as_array().and_then(|values| values.get(index));
        element.unwrap_or(&NULL)
    }
}

/// As JSON, without spaces. A value with a date that the sentinel cannot hold, of a year without four digits, is written as by
/// `Debug`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match serde_json::to_string(self) {
            Ok(json) => f.write_str(&json),
            Err(_) => fmt::Debug::fmt(self, f),
        }
    }
}
