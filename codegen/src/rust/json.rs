//! Fields in JSON: the attributes with which serde writes and reads them, or why it cannot.
//!
//! Ids and enums are texts and numbers as they are. Dates, timestamps and exact numbers are texts by modules of
//! [`xact::json`](https://docs.rs/xact/latest/xact/json/), because their crates write them in other forms.

use super::extras::TypeExtras;
use super::types::{Own, RustType};
use crate::config::JsonTimes;

/// How serde takes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SerdeForm {
    Plain,
    /// By a module in `#[serde(with = "…")]`, which takes the value, and `Option` and `Vec` of it.
    With(&'static str),
}

/// Types of the runtime that serde cannot take, and for which no module writes a text.
const OPAQUE: &[&str] = &[
    "xact::types::HalfVector",
    "xact::types::BitVec",
    "xact::types::Oid",
    "xact::types::PgBox",
    "xact::types::PgCircle",
    "xact::types::PgCube",
    "xact::types::PgHstore",
    "xact::types::PgCid",
    "xact::types::PgInterval",
    "xact::types::PgJsonPath",
    "xact::types::PgLQuery",
    "xact::types::PgLSeg",
    "xact::types::PgLTree",
    "xact::types::PgLine",
    "xact::types::PgLsn",
    "xact::types::PgMacAddress8",
    "xact::types::PgMoney",
    "xact::types::PgPath",
    "xact::types::PgPoint",
    "xact::types::PgPolygon",
    "xact::types::PgSnapshot",
    "xact::types::PgTid",
    "xact::types::PgTimeTz",
    "xact::types::PgXid",
    "xact::types::PgXid8",
    "xact::types::SparseVector",
    "xact::types::TsQuery",
    "xact::types::TsVector",
];

/// The derives of the types that a field may be made of.
pub(super) struct JsonContext<'a> {
    pub(super) times: JsonTimes,
    /// Of a composite, or of the rows of a table.
    pub(super) extras_of: &'a dyn Fn(Own) -> Option<TypeExtras>,
}

/// The attributes of a field, without `#[…]`.
///
/// # Errors
/// The Rust type that serde cannot take.
pub(super) fn field_attributes(
    rust_type: &RustType,
    secret: bool,
    extras: &TypeExtras,
    context: &JsonContext<'_>,
) -> Result<Vec<String>, String> {
    if !extras.writes_json() && !extras.reads_json() {
        return Ok(Vec::new());
    }
    // A secret is never written, so that only reading it needs a form.
    if secret && !extras.reads_json() {
        return Ok(vec!["serde(skip_serializing)".to_owned()]);
    }
    let mut parts = Vec::new();
    if secret {
        parts.push("skip_serializing".to_owned());
    }
    let form = find_form(rust_type, extras, context)?;
    let is_patch = matches!(rust_type, RustType::Patch(_));
    // serde takes a missing `Option` for an error where `with` is used; a missing `Patch` is `Keep`.
    let is_missing = matches!(rust_type, RustType::Option(_)) && form != SerdeForm::Plain;
    if (is_missing || is_patch) && extras.reads_json() {
        parts.push("default".to_owned());
    }
    // JSON has no value for `Keep`, so that the field is left out.
    if is_patch && extras.writes_json() && !secret {
        parts.push("skip_serializing_if = \"xact::Patch::is_keep\"".to_owned());
    }
    if let SerdeForm::With(module) = form {
        parts.push(format!("with = \"xact::json::{module}\""));
    }
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![format!("serde({})", parts.join(", "))])
}

fn find_form(
    rust_type: &RustType,
    extras: &TypeExtras,
    context: &JsonContext<'_>,
) -> Result<SerdeForm, String> {
    let refused = || Err(rust_type.to_string());
    match rust_type {
        RustType::Copied(path) | RustType::Owned(path) if OPAQUE.contains(path) => refused(),
        // They write themselves as RFC 3339.
        RustType::Copied(path) if is_of_other_crate(path) => Ok(match context.times {
            JsonTimes::Rfc3339 => SerdeForm::Plain,
            JsonTimes::Sentinel => find_sentinel(path),
        }),
        RustType::Copied(path) | RustType::Owned(path) => {
            Ok(find_module(path, context.times).map_or(SerdeForm::Plain, SerdeForm::With))
        }
        RustType::Option(inner) | RustType::Vec(inner) | RustType::Patch(inner) => {
            find_form(inner, extras, context)
        }
        RustType::Tuple(fields) => {
            for field in fields {
                // `with` is for a whole field.
                if find_form(field, extras, context)? != SerdeForm::Plain {
                    return Err(field.to_string());
                }
            }
            Ok(SerdeForm::Plain)
        }
        RustType::Range(_) | RustType::PgArray(_) => refused(),
        RustType::Generated { own, .. } => match (context.extras_of)(*own) {
            Some(found) if extras.writes_json() && !found.writes_json() => refused(),
            Some(found) if extras.reads_json() && !found.reads_json() => refused(),
            _ => Ok(SerdeForm::Plain),
        },
        // A reference can be written, and is read only if it borrows from the input.
        RustType::Borrowed(_) | RustType::Slice(_) | RustType::Str if extras.reads_json() => {
            refused()
        }
        RustType::Borrowed(inner) | RustType::Slice(inner) => {
            match find_form(inner, extras, context)? {
                SerdeForm::Plain => Ok(SerdeForm::Plain),
                SerdeForm::With(_) => refused(),
            }
        }
        _ => Ok(SerdeForm::Plain),
    }
}

/// The module of `xact::json` that writes a type of chrono or jiff as a sentinel, which are for dates and timestamps: a time of day
/// writes itself.
fn find_sentinel(path: &str) -> SerdeForm {
    let (_, name) = path.split_once("xact::types::").unwrap_or(("", path));
    match name {
        "chrono::NaiveDate" | "jiff::civil::Date" => SerdeForm::With("date"),
        "chrono::NaiveTime" | "jiff::civil::Time" => SerdeForm::Plain,
        _ => SerdeForm::With("timestamp"),
    }
}

fn is_of_other_crate(path: &str) -> bool {
    ["xact::types::chrono::", "xact::types::jiff::"]
        .iter()
        .any(|start| path.starts_with(start))
}

/// The module of `xact::json` that writes a type of the runtime.
fn find_module(path: &str, times: JsonTimes) -> Option<&'static str> {
    let name = path.strip_prefix("xact::types::")?;
    match (name, times) {
        ("OffsetDateTime" | "PrimitiveDateTime", JsonTimes::Sentinel) => Some("timestamp"),
        ("Date", JsonTimes::Sentinel) => Some("date"),
        ("OffsetDateTime" | "PrimitiveDateTime" | "Date" | "Time", _) => Some("rfc3339"),
        ("Decimal" | "IpNetwork" | "MacAddress", _) => Some("text"),
        _ => None,
    }
}
