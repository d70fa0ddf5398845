//! Schemas for OpenAPI documents: `utoipa::ToSchema` for the types of this crate and for those of generated modules.
//!
//! Each describes the JSON that serde writes for a value. Rows, composites and parameter structs derive the trait; ids, enums and
//! orders get it from their macros, because a derive would describe the struct or the variants instead of the value in JSON.

use std::borrow::Cow;

use sqlx::types::Uuid;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    KnownFormat, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat, SchemaType, Type,
};
use utoipa::{PartialSchema, ToSchema};

use crate::json::{self, Number};
use crate::{Cursor, Patch};

/// A value that an id may hold.
pub trait DescribedValue {
    /// Its schema.
    fn describe_value() -> ObjectBuilder;
}

impl DescribedValue for String {
    fn describe_value() -> ObjectBuilder {
        describe_text()
    }
}

impl DescribedValue for Uuid {
    fn describe_value() -> ObjectBuilder {
        describe_formatted("uuid")
    }
}

/// The integers of Postgres. OpenAPI has formats for 32 and 64 bits alone.
macro_rules! integers {
    ($($type:ty: $format:ident;)+) => {
        $(
            impl DescribedValue for $type {
                fn describe_value() -> ObjectBuilder {
                    let format = SchemaFormat::KnownFormat(KnownFormat::$format);
                    ObjectBuilder::new().schema_type(Type::Integer).format(Some(format))
                }
            }
        )+
    };
}

integers! {
    i16: Int32;
    i32: Int32;
    i64: Int64;
}

fn describe_text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn describe_formatted(format: &str) -> ObjectBuilder {
    describe_text().format(Some(SchemaFormat::Custom(format.to_owned())))
}

/// The schema of an id; `prefix` is empty if nothing is known of the text.
pub fn id_schema<V: DescribedValue>(column: &str, prefix: &str) -> RefOr<Schema> {
    let schema = V::describe_value().description(Some(format!("A value of `{column}`.")));
    if prefix.is_empty() {
        return schema.into();
    }
    schema
        .pattern(Some(format!("^{}", escape_pattern(prefix))))
        .into()
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

/// The schema of an enum that has these labels and no other.
pub fn labels_schema<'l>(labels: impl Iterator<Item = &'l str>) -> RefOr<Schema> {
    describe_text().enum_values(Some(labels)).into()
}

/// The schema of an enum that keeps labels that it does not know, so that any text is one.
pub fn open_labels_schema<'l>(labels: impl Iterator<Item = &'l str>) -> RefOr<Schema> {
    describe_text().examples(labels).into()
}

/// Any JSON.
fn any_schema() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::AnyValue)
        .into()
}

/// An object that names its type beside its text.
fn sentinel_schema(sentinel: &str, format: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .property("__sentinel", describe_text().enum_values(Some([sentinel])))
        .property("value", describe_formatted(format))
        .required("__sentinel")
        .required("value")
        .into()
}

/// Implements the traits for a type, under a name that a table of the project is unlikely to have.
macro_rules! schema {
    ($($type:ty as $name:literal = $schema:expr;)+) => {
        $(
            impl PartialSchema for $type {
                fn schema() -> RefOr<Schema> {
                    $schema
                }
            }

            impl ToSchema for $type {
                fn name() -> Cow<'static, str> {
                    Cow::Borrowed($name)
                }
            }
        )+
    };
}

schema! {
    json::Value as "AnyJson" = any_schema();
    Number as "AnyNumber" = ObjectBuilder::new().schema_type(Type::Number).into();
    json::Timestamp as "SentinelTimestamp" = sentinel_schema("timestamp", "date-time");
    json::LocalTimestamp as "SentinelLocalTimestamp" = sentinel_schema("timestamp", "date-time-local");
    json::Date as "SentinelDate" = sentinel_schema("date", "date");
    Cursor as "Cursor" = describe_text().into();
}

/// Its value or null. That it may be missing is said by the struct that it is a field of.
impl<T: ToSchema> PartialSchema for Patch<T> {
    fn schema() -> RefOr<Schema> {
        let null = ObjectBuilder::new().schema_type(Type::Null);
        OneOfBuilder::new().item(null).item(T::schema()).into()
    }
}

impl<T: ToSchema> ToSchema for Patch<T> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("Patch_{}", T::name()))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
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
    use serde_json::{Value, json, to_value};
    use time::OffsetDateTime;
    use utoipa::PartialSchema;

    fn read_schema<T: PartialSchema>() -> Value {
        to_value(T::schema()).unwrap()
    }

    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    struct PageId(String);
    crate::generated::id_type!(PageId, String, "pages.id", "p.g_");

    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    struct JobId(i64);
    crate::generated::id_type!(JobId, i64, "jobs.id");

    crate::generated::enum_type! {
        pub enum Theme("theme") { Dark = "dark", VeryLight = "very light", }
    }

    crate::generated::enum_type! {
        pub enum Mood("mood", "mood[]") { Happy = "happy", } or Unknown
    }

    #[test]
    fn ids_are_the_values_that_they_hold() {
        let text = json!({ "type": "string", "description": "A value of `pages.id`.", "pattern": "^p\\.g_" });
        assert_eq!(read_schema::<PageId>(), text);
        let number =
            json!({ "type": "integer", "description": "A value of `jobs.id`.", "format": "int64" });
        assert_eq!(read_schema::<JobId>(), number);
    }

    #[test]
    fn enums_have_the_labels_that_serde_writes() {
        let labels: Vec<Value> = Theme::ALL
            .iter()
            .map(|theme| to_value(theme).unwrap())
            .collect();
        assert_eq!(
            read_schema::<Theme>(),
            json!({ "type": "string", "enum": labels })
        );
        assert_eq!(
            read_schema::<Mood>(),
            json!({ "type": "string", "examples": ["happy"] })
        );
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
        let value = json!({ "type": "string" });
        assert_eq!(
            read_schema::<crate::Patch<crate::Cursor>>(),
            json!({ "oneOf": [{ "type": "null" }, value] })
        );
    }
}
