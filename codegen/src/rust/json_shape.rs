//! The JSON of a type: one description, from which serde's attributes and those of the derives of schemas are written.
//!
//! Given: a Rust type of a field, and the form of dates. Gives: the JSON that serde writes for it, and the module of
//! [`xact::json`](https://docs.rs/xact/latest/xact/json/) that writes it where its own crate has another form.

use super::types::RustType;
use crate::config::JsonTimes;

/// The JSON of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum JsonShape {
    /// That of a Rust type of std, the runtime or the project, which serde and the derives of schemas take by themselves.
    Rust(String),
    /// A number of this Rust type. JSON has none for NaN and the infinities, so serde writes `null` for them.
    Float(String),
    Text(TextFormat),
    Nullable(Box<Self>),
    List(Box<Self>),
    Tuple(Vec<Self>),
}

/// A text, by the formats of <https://spec.openapis.org/registry/format/>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextFormat {
    Any,
    Uuid,
    Decimal,
    Date,
    LocalTime,
    LocalTimestamp,
    Timestamp,
}

impl TextFormat {
    /// The name in the registry.
    pub(super) fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Any => return None,
            Self::Uuid => "uuid",
            Self::Decimal => "decimal",
            Self::Date => "date",
            Self::LocalTime => "time-local",
            Self::LocalTimestamp => "date-time-local",
            Self::Timestamp => "date-time",
        })
    }
}

/// A scalar in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ScalarForm {
    /// The module of `xact::json` that writes it; none if serde writes the type itself.
    pub(super) module: Option<&'static str>,
    pub(super) shape: JsonShape,
}

impl ScalarForm {
    fn plain(shape: JsonShape) -> Self {
        Self {
            module: None,
            shape,
        }
    }

    fn with(module: &'static str, format: TextFormat) -> Self {
        Self {
            module: Some(module),
            shape: JsonShape::Text(format),
        }
    }

    fn sentinel(module: &'static str, path: &str) -> Self {
        Self {
            module: Some(module),
            shape: JsonShape::Rust(path.to_owned()),
        }
    }
}

/// The JSON of a field.
pub(super) fn describe_json(rust_type: &RustType, times: JsonTimes) -> JsonShape {
    let of = |inner: &RustType| Box::new(describe_json(inner, times));
    match rust_type {
        RustType::Copied(path) | RustType::Owned(path) => describe_scalar(path, times).shape,
        RustType::Text | RustType::Str => JsonShape::Rust("String".to_owned()),
        // serde writes bytes as numbers.
        RustType::Bytes => JsonShape::List(Box::new(JsonShape::Rust("u8".to_owned()))),
        RustType::Option(inner) | RustType::Patch(inner) => JsonShape::Nullable(of(inner)),
        RustType::Vec(inner) | RustType::Slice(inner) => JsonShape::List(of(inner)),
        RustType::Borrowed(inner) => *of(inner),
        RustType::Tuple(fields) => {
            JsonShape::Tuple(fields.iter().map(|field| *of(field)).collect())
        }
        RustType::Declared { path, .. } => describe_declared(path, times).shape,
        RustType::Generated { .. }
        | RustType::Struct(_)
        | RustType::Json(_)
        | RustType::PgArray(_)
        | RustType::Range(_) => JsonShape::Rust(rust_type.to_string()),
    }
}

/// The JSON of a scalar, by the last part of its path: crates of dates differ in their names for one thing.
pub(super) fn describe_scalar(path: &str, times: JsonTimes) -> ScalarForm {
    let name = path.strip_prefix("xact::types::").unwrap_or(path);
    match name {
        "f32" | "f64" => ScalarForm::plain(JsonShape::Float(name.to_owned())),
        "JsonValue" => ScalarForm::plain(JsonShape::Rust("xact::json::Value".to_owned())),
        "Uuid" => ScalarForm::plain(JsonShape::Text(TextFormat::Uuid)),
        "Decimal" => ScalarForm::with("text", TextFormat::Decimal),
        "BigDecimal" => ScalarForm::plain(JsonShape::Text(TextFormat::Decimal)),
        "IpNetwork" | "MacAddress" => ScalarForm::with("text", TextFormat::Any),
        "Vector" => {
            let number = JsonShape::Float("f32".to_owned());
            ScalarForm::plain(JsonShape::List(Box::new(number)))
        }
        _ => describe_time(name, times)
            .unwrap_or_else(|| ScalarForm::plain(JsonShape::Rust(path.to_owned()))),
    }
}

/// The JSON of a type that an annotation or an alias names. It may be one of the runtime; one of the project writes itself.
pub(super) fn describe_declared(path: &str, times: JsonTimes) -> ScalarForm {
    let infinite = path.strip_prefix("xact::types::MaybeInfinite<");
    let Some(finite) = infinite.and_then(|rest| rest.strip_suffix('>')) else {
        return describe_scalar(path, times);
    };
    let form = describe_scalar(finite.trim(), times);
    // An infinity is a text, which is of no format, and no sentinel either.
    let shape = match form.shape {
        JsonShape::Text(_) => JsonShape::Text(TextFormat::Any),
        _ => JsonShape::Rust("xact::json::Value".to_owned()),
    };
    ScalarForm { shape, ..form }
}

/// The JSON of a date, a time or a timestamp. Those of chrono and jiff write themselves by RFC 3339.
fn describe_time(name: &str, times: JsonTimes) -> Option<ScalarForm> {
    let is_of_other_crate = name.contains("::");
    let by_rfc3339 = |format| {
        if is_of_other_crate {
            ScalarForm::plain(JsonShape::Text(format))
        } else {
            ScalarForm::with("rfc3339", format)
        }
    };
    let sentinels = times == JsonTimes::Sentinel;
    Some(match name {
        // There is no sentinel for a time of day.
        "Time" | "chrono::NaiveTime" | "jiff::civil::Time" => by_rfc3339(TextFormat::LocalTime),
        "Date" | "chrono::NaiveDate" | "jiff::civil::Date" if sentinels => {
            ScalarForm::sentinel("date", "xact::generated::SentinelDate")
        }
        "Date" | "chrono::NaiveDate" | "jiff::civil::Date" => by_rfc3339(TextFormat::Date),
        "PrimitiveDateTime" | "chrono::NaiveDateTime" | "jiff::civil::DateTime" if sentinels => {
            ScalarForm::sentinel("timestamp", "xact::generated::SentinelLocalTimestamp")
        }
        "PrimitiveDateTime" | "chrono::NaiveDateTime" | "jiff::civil::DateTime" => {
            by_rfc3339(TextFormat::LocalTimestamp)
        }
        _ if is_moment(name) && sentinels => {
            ScalarForm::sentinel("timestamp", "xact::generated::SentinelTimestamp")
        }
        _ if is_moment(name) => by_rfc3339(TextFormat::Timestamp),
        _ => return None,
    })
}

fn is_moment(name: &str) -> bool {
    matches!(name, "OffsetDateTime" | "jiff::Timestamp") || name.starts_with("chrono::DateTime<")
}
