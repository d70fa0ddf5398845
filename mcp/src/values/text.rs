//! An argument of a call → the text of a value of its parameter's type; or an error that says which JSON to pass instead.
//!
//! The form of each value is checked strictly: words such as `now` that Postgres computes a value from are refused.

use super::literal::{write_array, write_dimension, write_row};
use super::types::RowForm;
use super::{Form, ValueType};
use serde_json::{Map, Value};

/// An argument that does not fit its parameter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("argument `{path}`: {problem}")]
pub(crate) struct ArgumentError {
    /// The name, with the place in it: `tags[2]`.
    pub(crate) path: String,
    /// The problem, and the JSON to pass instead.
    pub(crate) problem: String,
}

impl ArgumentError {
    /// An error at this place.
    pub(crate) fn new(path: &str, problem: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            problem: problem.into(),
        }
    }
}

/// The text of a value; none for NULL.
///
/// # Errors
/// The value is not of the type.
pub(crate) fn write_text(
    value_type: &ValueType,
    value: &Value,
    path: &str,
) -> Result<Option<String>, ArgumentError> {
    let refuse = |expected: &str| {
        let found = name_kind(value);
        ArgumentError::new(path, format!("expected {expected}, found {found}"))
    };
    let text = match (&value_type.form, value) {
        // JSON has a null of its own, but a parameter that is NULL is the common meaning.
        (_, Value::Null) => return Ok(None),
        (Form::Bool, Value::Bool(value)) => value.to_string(),
        (Form::Bool, _) => return Err(refuse("true or false")),
        (Form::Int2, _) => write_integer::<i16>(value).ok_or_else(|| refuse(INT2))?,
        (Form::Int4, _) => write_integer::<i32>(value).ok_or_else(|| refuse(INT4))?,
        (Form::Int8, _) => write_integer::<i64>(value).ok_or_else(|| refuse(INT8))?,
        (Form::Oid, _) => write_integer::<u32>(value).ok_or_else(|| refuse(OID))?,
        (Form::Float4 | Form::Float8, _) => write_float(value).ok_or_else(|| refuse(FLOAT))?,
        (Form::Numeric, _) => write_numeric(value).ok_or_else(|| refuse(NUMERIC))?,
        // Whatever it is, it is JSON.
        (Form::Json | Form::Jsonb, _) => value.to_string(),
        (Form::Enum(labels), _) => write_label(labels, value, path)?,
        (Form::Array(element), Value::Array(values)) => write_elements(element, values, path)?,
        (Form::Array(_), _) => return Err(refuse("a list")),
        (Form::Row(row), _) => write_fields(row, value, path)?,
        (form, Value::String(text)) => write_string(form, text, path)?,
        (form, _) => return Err(refuse(describe_string(form))),
    };
    refuse_nul(&text, path)?;
    Ok(Some(text))
}

const INT2: &str = "an integer from -32768 to 32767";
const INT4: &str = "an integer from -2147483648 to 2147483647";
const INT8: &str = "an integer from -9223372036854775808 to 9223372036854775807";
const OID: &str = "an integer from 0 to 4294967295";
const FLOAT: &str = "a number, or one of \"NaN\", \"Infinity\", \"-Infinity\"";
const NUMERIC: &str = "a number, or a string of digits such as \"12.50\"";

fn refuse_nul(text: &str, path: &str) -> Result<(), ArgumentError> {
    if text.contains('\0') {
        let problem = "it has a NUL character, which Postgres cannot store";
        return Err(ArgumentError::new(path, problem));
    }
    Ok(())
}

/// An integer, or the digits of one: clients in JavaScript have no others beyond 2⁵³.
fn write_integer<T: std::str::FromStr + ToString>(value: &Value) -> Option<String> {
    let digits = match value {
        Value::Number(number) => number.to_string(),
        // As text too, because many clients lose digits of numbers beyond 2^53.
        Value::String(text) if text.len() <= 20 && !text.starts_with('+') => text.clone(),
        _ => return None,
    };
    // Written again: what Rust reads as a number is one to Postgres as well.
    Some(digits.parse::<T>().ok()?.to_string())
}

fn write_float(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        // JSON has no numbers for these.
        Value::String(text) if ["NaN", "Infinity", "-Infinity"].contains(&text.as_str()) => {
            Some(text.clone())
        }
        _ => None,
    }
}

fn write_numeric(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        // As text, `12.50` keeps its last digit.
        Value::String(text) if is_decimal(text) || text == "NaN" => Some(text.clone()),
        _ => None,
    }
}

/// Digits with an optional sign and a point.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    are_digits(whole) && are_digits(fraction)
}

fn write_label(labels: &[String], value: &Value, path: &str) -> Result<String, ArgumentError> {
    let known = labels.iter().find(|label| value.as_str() == Some(label));
    known.cloned().ok_or_else(|| {
        let labels: Vec<String> = labels.iter().map(|label| format!("{label:?}")).collect();
        ArgumentError::new(path, format!("expected one of {}", labels.join(", ")))
    })
}

fn write_elements(
    element: &ValueType,
    values: &[Value],
    path: &str,
) -> Result<String, ArgumentError> {
    let at = |index: usize| format!("{path}[{index}]");
    // Lists in a list are dimensions, but a list may also be one value of JSON or a row.
    let is_nested = |value: &Value| value.is_array() && is_plain(&element.form);
    if !values.is_empty() && values.iter().all(is_nested) {
        let inner = values.iter().enumerate().map(|(index, value)| {
            let inner = value.as_array().map(Vec::as_slice).unwrap_or_default();
            write_elements(element, inner, &at(index))
        });
        return Ok(write_dimension(&inner.collect::<Result<Vec<_>, _>>()?));
    }
    let texts = values.iter().enumerate();
    let texts = texts.map(|(index, value)| write_text(element, value, &at(index)));
    let texts = texts.collect::<Result<Vec<_>, _>>()?;
    Ok(write_array(texts.iter().map(Option::as_deref)))
}

/// Whether a list among the elements can only be another dimension.
fn is_plain(form: &Form) -> bool {
    !matches!(form, Form::Json | Form::Jsonb | Form::Row(_))
}

fn write_fields(row: &RowForm, value: &Value, path: &str) -> Result<String, ArgumentError> {
    let Value::Object(object) = value else {
        let problem = format!("expected an object with {}", list_fields(row));
        return Err(ArgumentError::new(path, problem));
    };
    refuse_unknown_fields(row, object, path)?;
    let texts = row.fields.iter().map(|(name, field)| {
        // A field that is left out is NULL, as in a composite of Postgres.
        let value = object.get(name).unwrap_or(&Value::Null);
        write_text(field, value, &format!("{path}.{name}"))
    });
    let texts = texts.collect::<Result<Vec<_>, _>>()?;
    Ok(write_row(texts.iter().map(Option::as_deref)))
}

fn refuse_unknown_fields(
    row: &RowForm,
    object: &Map<String, Value>,
    path: &str,
) -> Result<(), ArgumentError> {
    let is_known = |name: &str| row.fields.iter().any(|(known, _)| known == name);
    match object.keys().find(|name| !is_known(name)) {
        None => Ok(()),
        Some(name) => {
            let problem = format!(
                "it has no field {name:?}; its fields are {}",
                list_fields(row)
            );
            Err(ArgumentError::new(path, problem))
        }
    }
}

fn list_fields(row: &RowForm) -> String {
    let names: Vec<&str> = row.fields.iter().map(|(name, _)| name.as_str()).collect();
    names.join(", ")
}

fn write_string(form: &Form, text: &str, path: &str) -> Result<String, ArgumentError> {
    let fits = match form {
        // Other forms are read by the crate, but described to no client.
        Form::Uuid => text.len() == 36 && text.parse::<uuid::Uuid>().is_ok(),
        Form::Bytes => is_hex(text),
        Form::Date => is_infinite(text) || is_moment(text, false, Offset::None),
        Form::Timestamp => is_infinite(text) || is_moment(text, true, Offset::None),
        Form::TimestampTz => is_infinite(text) || is_moment(text, true, Offset::Required),
        _ => true,
    };
    if fits {
        return Ok(text.to_owned());
    }
    Err(ArgumentError::new(
        path,
        format!("expected {}", describe_string(form)),
    ))
}

fn describe_string(form: &Form) -> &'static str {
    match form {
        Form::Uuid => "a UUID such as \"67e55044-10b1-426f-9247-bb680e5fe0c8\"",
        Form::Bytes => "bytes in hex such as \"\\\\x00ff\"",
        Form::Date => "a date such as \"2025-01-06\"",
        Form::Timestamp => "a timestamp without an offset such as \"2025-01-06T09:00:00\"",
        Form::TimestampTz => "a timestamp with an offset such as \"2025-01-06T09:00:00Z\"",
        _ => "a string",
    }
}

fn is_hex(text: &str) -> bool {
    let digits = text.strip_prefix("\\x");
    digits.is_some_and(|digits| {
        digits.len() % 2 == 0 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn is_infinite(text: &str) -> bool {
    ["infinity", "-infinity"].contains(&text)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Offset {
    None,
    Required,
}

/// `2025-01-06`, `2025-01-06T09:00:00.25Z`: digits in their places. Postgres checks that there is such a day.
fn is_moment(text: &str, has_time: bool, offset: Offset) -> bool {
    let is_shape = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text
                .bytes()
                .zip(shape.bytes())
                .all(|(found, wanted)| match wanted {
                    b'0' => found.is_ascii_digit(),
                    // Postgres reads all three, and clients write each of them.
                    b'T' => matches!(found, b'T' | b't' | b' '),
                    wanted => found == wanted,
                })
    };
    if !has_time {
        return is_shape(text, "0000-00-00");
    }
    let Some((moment, rest)) = text.split_at_checked("0000-00-00T00:00:00".len()) else {
        return false;
    };
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => match digits(fraction) {
            // Postgres rounds to six digits, and clients write up to nine.
            1..=9 => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
            _ => return false,
        },
        None => rest,
    };
    let is_offset = matches!(rest, "Z" | "z")
        || rest
            .strip_prefix(['+', '-'])
            .is_some_and(|offset| is_shape(offset, "00:00") || is_shape(offset, "00"));
    let fits = match offset {
        Offset::None => rest.is_empty(),
        Offset::Required => is_offset,
    };
    is_shape(moment, "0000-00-00T00:00:00") && fits
}

fn name_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "another number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
