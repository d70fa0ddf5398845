//! Any JSON within a type that serde reads.
//!
//! serde has no numbers but those of Rust. `serde_json` gives the text of a value if its `RawValue` is asked for, and numbers
//! keep their digits by it; every other deserializer rounds them as it does.

use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Value, parse::parse_json};

/// The name by which `serde_json` knows that its `RawValue` is asked for. If it ever has another, this is a newtype like any.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

struct RawOrAny;

impl<'de> Visitor<'de> for RawOrAny {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        match map.next_key::<String>()? {
            Some(key) if key == RAW_VALUE => {
                let json: String = map.next_value()?;
                parse_json(&json).map_err(A::Error::custom)
            }
            _ => Err(A::Error::custom("any JSON was expected")),
        }
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        serde_json::Value::deserialize(deserializer).map(Value::from)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(RAW_VALUE, RawOrAny)
    }
}
