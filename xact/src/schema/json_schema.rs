//! JSON Schemas: `schemars::JsonSchema` for the types of this crate and for those of generated modules.
//!
//! Types of other crates have no implementation without features of schemars, and those describe the JSON that the crates write. So
//! generated fields name a type of this module, which is nothing but the schema of a text or number.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::ValueDescription;
use super::description::{JsonKind, describe_runtime_types};
use crate::Patch;

/// The JSON Schema of a value.
pub fn write_json_schema(value: &ValueDescription) -> Schema {
    let mut schema = Map::new();
    match value.kind {
        JsonKind::Text => schema.insert("type".to_owned(), json!("string")),
        JsonKind::Integer => schema.insert("type".to_owned(), json!("integer")),
        JsonKind::Number => schema.insert("type".to_owned(), json!("number")),
        JsonKind::Any => None,
        JsonKind::Sentinel(name) => return write_sentinel(name, value.format),
    };
    let mut add = |key: &str, value: Option<Value>| {
        schema.extend(value.map(|value| (key.to_owned(), value)));
    };
    add("description", value.description.as_deref().map(Value::from));
    add("format", value.format.map(Value::from));
    add("pattern", value.pattern.as_deref().map(Value::from));
    add("enum", value.labels.as_deref().map(Value::from));
    let examples = Some(value.examples.as_slice());
    let examples = examples.filter(|list| !list.is_empty());
    add("examples", examples.map(Value::from));
    schema.into()
}

fn write_sentinel(name: &str, format: Option<&str>) -> Schema {
    json_schema!({
        "type": "object",
        "properties": {
            "__sentinel": { "type": "string", "enum": [name] },
            "value": { "type": "string", "format": format },
        },
        "required": ["__sentinel", "value"],
    })
}

/// Implements the trait for types of this crate.
macro_rules! implement {
    ($($type:ty as $name:literal = $description:expr;)+) => {
        $(
            impl JsonSchema for $type {
                fn schema_name() -> Cow<'static, str> {
                    Cow::Borrowed($name)
                }

                fn schema_id() -> Cow<'static, str> {
                    Cow::Borrowed(concat!("xact::", $name))
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    write_json_schema(&$description)
                }
            }
        )+
    };
}

describe_runtime_types!(implement);

/// Its value or null. That it may be missing is said by the struct that it is a field of.
impl<T: JsonSchema> JsonSchema for Patch<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        Option::<T>::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Option::<T>::json_schema(generator)
    }
}

/// Types that are nothing but a schema: of a format, under an id, written by a function.
macro_rules! markers {
    ($write:ident in $namespace:literal: $($(#[$documentation:meta])* $name:ident = $format:literal;)+) => {
        $(
            $(#[$documentation])*
            #[derive(Debug)]
            pub enum $name {}

            impl JsonSchema for $name {
                fn inline_schema() -> bool {
                    true
                }

                fn schema_name() -> Cow<'static, str> {
                    Cow::Borrowed($format)
                }

                fn schema_id() -> Cow<'static, str> {
                    Cow::Borrowed(concat!($namespace, $format))
                }

                fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                    $write(generator, $format)
                }
            }
        )+
    };
}

markers! { write_text in "xact::text::":
    /// A UUID.
    Uuid = "uuid";
    /// A number with all its digits.
    Decimal = "decimal";
    /// A day.
    Date = "date";
    /// A time of day.
    LocalTime = "time-local";
    /// A date and time of an unknown time zone.
    LocalTimestamp = "date-time-local";
    /// A moment.
    Timestamp = "date-time";
}

markers! { write_float in "xact::number::":
    /// `f32`
    F32 = "float";
    /// `f64`
    F64 = "double";
}

fn write_text(_: &SchemaGenerator, format: &'static str) -> Schema {
    write_json_schema(&ValueDescription::new(JsonKind::Text).with_format(format))
}

/// A number that may be NaN or infinite, for which serde writes `null`. It reads no `null` as a number.
fn write_float(generator: &SchemaGenerator, format: &'static str) -> Schema {
    if generator.contract().is_serialize() {
        json_schema!({ "type": ["number", "null"], "format": format })
    } else {
        json_schema!({ "type": "number", "format": format })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "the macros give the types of other crates methods that no test here calls"
)]
mod tests {
    use schemars::generate::SchemaSettings;
    use schemars::{JsonSchema, SchemaGenerator};
    use serde_json::{Value, json, to_value};
    use time::OffsetDateTime;

    fn read_schema<T: JsonSchema>() -> Value {
        to_value(T::json_schema(&mut SchemaGenerator::default())).unwrap()
    }

    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    struct PaperId(String);
    crate::generated::id_type!(PaperId, String, "papers.id", "p.g_");

    crate::generated::enum_type! {
        pub enum Palette("palette") { Dark = "dark", VeryLight = "very light", }
    }

    crate::generated::enum_type! {
        pub enum Weather("weather", "weather[]") { Happy = "happy", } or Unknown
    }

    #[test]
    fn ids_and_enums_are_the_values_that_serde_writes() {
        let text = json!({ "type": "string", "description": "A value of `papers.id`.", "pattern": "^p\\.g_" });
        assert_eq!(read_schema::<PaperId>(), text);
        let labels: Vec<Value> = Palette::ALL
            .iter()
            .map(|theme| to_value(theme).unwrap())
            .collect();
        assert_eq!(
            read_schema::<Palette>(),
            json!({ "type": "string", "enum": labels })
        );
        assert_eq!(
            read_schema::<Weather>(),
            json!({ "type": "string", "examples": ["happy"] })
        );
        assert_eq!(
            (PaperId::schema_name(), Weather::schema_name()),
            ("PaperId".into(), "Weather".into())
        );
        // Two crates may have a type of one name, which are two definitions.
        assert!(PaperId::schema_id().contains("::tests::PaperId"));
    }

    #[test]
    fn a_sentinel_has_the_keys_that_serde_writes() {
        let written = to_value(crate::json::Timestamp(OffsetDateTime::UNIX_EPOCH)).unwrap();
        let schema = read_schema::<crate::json::Timestamp>();
        let properties = schema["properties"].as_object().unwrap();
        assert!(properties.keys().eq(written.as_object().unwrap().keys()));
        assert_eq!(properties["__sentinel"]["enum"][0], written["__sentinel"]);
    }

    #[test]
    fn a_change_may_be_null() {
        let schema = read_schema::<crate::Patch<i64>>();
        assert_eq!(schema, read_schema::<Option<i64>>());
        assert_eq!(schema["type"], json!(["integer", "null"]));
    }

    #[test]
    fn a_number_that_is_written_may_be_null() {
        assert_eq!(to_value(f64::NAN).unwrap(), Value::Null);
        let settings = SchemaSettings::default().for_serialize();
        let written = super::F64::json_schema(&mut settings.into_generator());
        assert_eq!(written.get("type"), Some(&json!(["number", "null"])));
        assert_eq!(read_schema::<super::F64>()["type"], "number");
    }
}
