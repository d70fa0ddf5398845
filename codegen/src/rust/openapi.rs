//! Fields in OpenAPI documents: the attribute that gives the derive `utoipa::ToSchema` the JSON that serde writes.
//!
//! The derive knows the types of other crates by their names alone, and only with features of its own, and it does not know the
//! modules in `#[serde(with = "…")]`. So each field that is not plain has the type that its JSON has, with a format of
//! <https://spec.openapis.org/registry/format/>.

use super::extras::TypeExtras;
use super::types::RustType;
use crate::config::JsonTimes;

/// A type whose schema is that of a field, in the words of the derive.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SchemaType {
    rust_type: String,
    /// Of the text, also within arrays.
    format: Option<&'static str>,
}

impl SchemaType {
    fn plain(rust_type: impl Into<String>) -> Self {
        Self {
            rust_type: rust_type.into(),
            format: None,
        }
    }

    fn text(format: &'static str) -> Self {
        Self {
            rust_type: "String".to_owned(),
            format: Some(format),
        }
    }

    fn within(self, wrapper: &str) -> Self {
        Self {
            rust_type: format!("{wrapper}<{}>", self.rust_type),
            ..self
        }
    }
}

/// The struct that a field is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldOwner {
    Row,
    Composite,
    Parameters,
}

/// The attribute of a field, without `#[…]`; none if the derive reads its type as it is.
pub(super) fn write_schema_attribute(
    rust_type: &RustType,
    (owner, secret): (FieldOwner, bool),
    extras: &TypeExtras,
    times: JsonTimes,
) -> Option<String> {
    if !extras.describes_schema() {
        return None;
    }
    // The derive leaves out fields that serde skips, and without serde it has to be told.
    if secret {
        return (!extras.writes_json()).then(|| "schema(ignore)".to_owned());
    }
    let schema = find_schema_type(rust_type, times);
    let mut parts = Vec::new();
    if schema.rust_type != rust_type.to_string() || schema.format.is_some() {
        parts.push(format!("value_type = {}", schema.rust_type));
    }
    parts.extend(schema.format.map(|format| format!("format = \"{format}\"")));
    // serde writes `null` in a row, and never leaves the field out. Parameters describe requests, which may leave it out.
    let is_written = owner != FieldOwner::Parameters && extras.writes_json();
    let is_option = matches!(rust_type, RustType::Option(_));
    if is_option && is_written && !extras.reads_json() {
        parts.push("required".to_owned());
    }
    (!parts.is_empty()).then(|| format!("schema({})", parts.join(", ")))
}

fn find_schema_type(rust_type: &RustType, times: JsonTimes) -> SchemaType {
    let of = |inner: &RustType| find_schema_type(inner, times);
    match rust_type {
        RustType::Copied(path) | RustType::Owned(path) => find_type_of_path(path, times),
        RustType::Text | RustType::Str => SchemaType::plain("String"),
        // serde writes bytes as numbers.
        RustType::Bytes => SchemaType::plain("Vec<u8>"),
        RustType::Option(inner) | RustType::Patch(inner) => of(inner).within("Option"),
        RustType::Vec(inner) | RustType::Slice(inner) => of(inner).within("Vec"),
        RustType::Borrowed(inner) => of(inner),
        // A format is for a whole field, so the elements of a tuple are texts without one.
        RustType::Tuple(fields) => {
            let fields = fields.iter().map(|field| of(field).rust_type + ",");
            SchemaType::plain(format!("({})", fields.collect::<String>()))
        }
        RustType::Generated { .. }
        | RustType::Struct(_)
        | RustType::Declared { .. }
        | RustType::Json(_)
        | RustType::PgArray(_)
        | RustType::Range(_) => SchemaType::plain(rust_type.to_string()),
    }
}

/// The type of a scalar, by the last part of its path: crates of dates differ in their names for one thing.
fn find_type_of_path(path: &str, times: JsonTimes) -> SchemaType {
    let name = path.strip_prefix("xact::types::").unwrap_or(path);
    match (name, times) {
        ("JsonValue", _) => SchemaType::plain("xact::json::Value"),
        ("Uuid", _) => SchemaType::text("uuid"),
        ("Decimal" | "BigDecimal", _) => SchemaType::text("decimal"),
        ("IpNetwork" | "MacAddress", _) => SchemaType::plain("String"),
        ("Vector", _) => SchemaType::plain("Vec<f32>"),
        ("Time" | "chrono::NaiveTime" | "jiff::civil::Time", _) => SchemaType::text("time-local"),
        ("Date" | "chrono::NaiveDate" | "jiff::civil::Date", JsonTimes::Rfc3339) => {
            SchemaType::text("date")
        }
        ("Date" | "chrono::NaiveDate" | "jiff::civil::Date", JsonTimes::Sentinel) => {
            SchemaType::plain("xact::generated::SentinelDate")
        }
        (
            "PrimitiveDateTime" | "chrono::NaiveDateTime" | "jiff::civil::DateTime",
            JsonTimes::Rfc3339,
        ) => SchemaType::text("date-time-local"),
        (
            "PrimitiveDateTime" | "chrono::NaiveDateTime" | "jiff::civil::DateTime",
            JsonTimes::Sentinel,
        ) => SchemaType::plain("xact::generated::SentinelLocalTimestamp"),
        ("OffsetDateTime" | "jiff::Timestamp", JsonTimes::Rfc3339) => SchemaType::text("date-time"),
        ("OffsetDateTime" | "jiff::Timestamp", JsonTimes::Sentinel) => {
            SchemaType::plain("xact::generated::SentinelTimestamp")
        }
        _ if name.starts_with("chrono::DateTime<") => {
            find_type_of_path("xact::types::OffsetDateTime", times)
        }
        _ => SchemaType::plain(path),
    }
}

/// The type whose schema is that of a scalar.
#[cfg(test)]
pub(super) fn describe_scalar(path: &str, times: JsonTimes) -> String {
    find_type_of_path(path, times).rust_type
}
