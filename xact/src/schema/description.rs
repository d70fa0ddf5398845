//! The JSON of a value of the runtime or of a generated module, in the terms that OpenAPI and JSON Schema share.

use sqlx::types::Uuid;

/// The JSON of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueDescription {
    pub(super) kind: JsonKind,
    pub(super) description: Option<String>,
    /// A name of <https://spec.openapis.org/registry/format/>.
    pub(super) format: Option<&'static str>,
    /// A regular expression of ECMAScript.
    pub(super) pattern: Option<String>,
    /// All texts that it can be; none for any.
    pub(super) labels: Option<Vec<&'static str>>,
    pub(super) examples: Vec<&'static str>,
}

/// The type of a value in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonKind {
    Text,
    Integer,
    Number,
    Any,
    /// An object that names its type beside its text, which has the format.
    Sentinel(&'static str),
}

impl ValueDescription {
    pub(super) fn new(kind: JsonKind) -> Self {
        Self {
            kind,
            description: None,
            format: None,
            pattern: None,
            labels: None,
            examples: Vec::new(),
        }
    }

    pub(super) fn with_format(self, format: &'static str) -> Self {
        Self {
            format: Some(format),
            ..self
        }
    }
}

/// A value that an id may hold.
pub trait DescribedValue {
    /// Its JSON.
    fn describe_value() -> ValueDescription;
}

/// Values by their type in JSON. OpenAPI has formats for integers of 32 and 64 bits alone.
macro_rules! described {
    ($($type:ty: $kind:ident $($format:literal)?;)+) => {
        $(
            impl DescribedValue for $type {
                fn describe_value() -> ValueDescription {
                    ValueDescription::new(JsonKind::$kind)$(.with_format($format))?
                }
            }
        )+
    };
}

described! {
    String: Text;
    Uuid: Text "uuid";
    i16: Integer "int32";
    i32: Integer "int32";
    i64: Integer "int64";
}

/// The JSON of an id; `prefix` is empty if nothing is known of the text.
pub fn describe_id<V: DescribedValue>(column: &str, prefix: &str) -> ValueDescription {
    ValueDescription {
        description: Some(format!("A value of `{column}`.")),
        pattern: (!prefix.is_empty()).then(|| format!("^{}", escape_pattern(prefix))),
        ..V::describe_value()
    }
}

/// A text as a regular expression that matches it alone.
fn escape_pattern(text: &str) -> String {
    let escape = |c: char| {
        // Other escapes than those of ASCII punctuation are errors in the expressions of ECMAScript.
        let escaped = c.is_ascii_punctuation() && !matches!(c, '_' | '-');
        escaped.then_some('\\').into_iter().chain([c])
    };
    text.chars().flat_map(escape).collect()
}

/// The JSON of an enum that has these labels and no other.
pub fn describe_labels(labels: impl Iterator<Item = &'static str>) -> ValueDescription {
    ValueDescription {
        labels: Some(labels.collect()),
        ..ValueDescription::new(JsonKind::Text)
    }
}

/// The JSON of an enum that keeps labels that it does not know, so that any text is one.
pub fn describe_open_labels(labels: impl Iterator<Item = &'static str>) -> ValueDescription {
    ValueDescription {
        examples: labels.collect(),
        ..ValueDescription::new(JsonKind::Text)
    }
}

/// The types of this crate that have a schema, each under a name that a table of the project is unlikely to have.
macro_rules! describe_runtime_types {
    ($implement:ident) => {
        $implement! {
            crate::json::Value as "AnyJson" = ValueDescription::new(JsonKind::Any);
            crate::json::Number as "AnyNumber" = ValueDescription::new(JsonKind::Number);
            crate::json::Timestamp as "SentinelTimestamp" =
                ValueDescription::new(JsonKind::Sentinel("timestamp")).with_format("date-time");
            crate::json::LocalTimestamp as "SentinelLocalTimestamp" =
                ValueDescription::new(JsonKind::Sentinel("timestamp")).with_format("date-time-local");
            crate::json::Date as "SentinelDate" =
                ValueDescription::new(JsonKind::Sentinel("date")).with_format("date");
            crate::Cursor as "Cursor" = ValueDescription::new(JsonKind::Text);
        }
    };
}

pub(super) use describe_runtime_types;
