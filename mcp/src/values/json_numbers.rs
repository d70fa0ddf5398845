//! JSON of a column without a lost digit: a number that a double does not hold becomes a string.

use serde_json::{Number, Value};
use xact::json::Value as Exact;

/// The largest integer below which every one is a double: 2⁵³.
pub(super) const SAFE_INTEGER: u64 = 1 << 53;

/// An integer; as a string if clients in JavaScript would round it.
pub(super) fn write_integer(value: i64) -> Value {
    if value.unsigned_abs() <= SAFE_INTEGER {
        value.into()
    } else {
        value.to_string().into()
    }
}

/// A float; `NaN` and the infinite ones have no number in JSON.
pub(super) fn write_float(value: f64) -> Value {
    Number::from_f64(value).map_or_else(|| write_special(value).into(), Value::Number)
}

fn write_special(value: f64) -> &'static str {
    if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

/// The JSON of a column.
pub(super) fn write_json(value: &Exact) -> Value {
    match value {
        Exact::Null => Value::Null,
        Exact::Bool(value) => (*value).into(),
        Exact::String(text) => text.as_str().into(),
        Exact::Number(number) => write_number(number),
        Exact::Array(values) => values.iter().map(write_json).collect(),
        Exact::Object(object) => {
            let fields = object.iter();
            let fields = fields.map(|(key, value)| (key.clone(), write_json(value)));
            Value::Object(fields.collect())
        }
        // Sentinels: as the object that they are in the column.
        other => serde_json::to_value(other).unwrap_or_default(),
    }
}

fn write_number(number: &xact::json::Number) -> Value {
    if let Some(integer) = number.as_i64() {
        return write_integer(integer);
    }
    let text = number.to_string();
    let float = number.as_f64().and_then(Number::from_f64);
    match float {
        Some(float) if float.to_string() == text => Value::Number(float),
        _ => text.into(),
    }
}
