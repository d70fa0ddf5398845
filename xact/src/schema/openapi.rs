//! Schemas for OpenAPI documents: `utoipa::ToSchema` for the types of this crate and for those of generated modules.

use std::borrow::Cow;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    ObjectBuilder, OneOfBuilder, Schema, SchemaFormat, SchemaType, Type,
};
use utoipa::{PartialSchema, ToSchema};

use super::ValueDescription;
use super::description::{JsonKind, describe_runtime_types};
use crate::Patch;

/// The schema of a value in an OpenAPI document.
pub fn write_openapi_schema(value: &ValueDescription) -> RefOr<Schema> {
    let schema_type = match value.kind {
        JsonKind::Text => Type::String.into(),
        JsonKind::Integer => Type::Integer.into(),
        JsonKind::Number => Type::Number.into(),
        JsonKind::Any => SchemaType::AnyValue,
        JsonKind::Sentinel(name) => return write_sentinel(name, value.format),
    };
    let examples = value.examples.iter().copied();
    ObjectBuilder::new()
        .schema_type(schema_type)
        .description(value.description.as_deref())
        .format(value.format.map(write_format))
        .pattern(value.pattern.as_deref())
        .enum_values(value.labels.clone())
        .examples(examples)
        .into()
}

fn write_format(format: &str) -> SchemaFormat {
    SchemaFormat::Custom(format.to_owned())
}

fn write_sentinel(name: &str, format: Option<&str>) -> RefOr<Schema> {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    ObjectBuilder::new()
        .property("__sentinel", text().enum_values(Some([name])))
        .property("value", text().format(format.map(write_format)))
        .required("__sentinel")
        .required("value")
        .into()
}

/// Implements the traits for types of this crate.
macro_rules! implement {
    ($($type:ty as $name:literal = $description:expr;)+) => {
        $(
            impl PartialSchema for $type {
                fn schema() -> RefOr<Schema> {
                    write_openapi_schema(&$description)
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

describe_runtime_types!(implement);

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
