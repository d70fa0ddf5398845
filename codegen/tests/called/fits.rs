//! Whether a value in JSON is one of a schema, as far as the schemas of generated types go: those of OpenAPI 3.1 and of JSON Schema are
//! the same language.

use serde_json::{Value, json};
use xact::types::{Decimal, Uuid};

/// Whether a value is one of the schema; `schemas` are those that it refers to, by name.
pub(crate) fn fits(schemas: &Value, schema: &Value, value: &Value) -> bool {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap();
        assert!(
            schemas.get(name).is_some(),
            "`{name}` is not in the document"
        );
        return fits(schemas, &schemas[name], value);
    }
    let count = |choices: &Vec<Value>| {
        let fitting = choices.iter().filter(|one| fits(schemas, one, value));
        fitting.count()
    };
    if let Some(choices) = schema["oneOf"].as_array() {
        return count(choices) == 1;
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        return count(choices) > 0;
    }
    let types = match &schema["type"] {
        Value::String(name) => vec![name.as_str()],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => {
            // A schema without a type allows everything, and only that of `any` is meant to.
            let known = ["description", "$schema", "title"];
            let keys = schema.as_object().into_iter().flat_map(|map| map.keys());
            let mut keys = keys.filter(|key| !known.contains(&key.as_str()));
            assert_eq!(keys.next(), None, "{schema:#}");
            return true;
        }
    };
    let labels = schema["enum"].as_array();
    if labels.is_some_and(|labels| !labels.contains(value)) {
        return false;
    }
    types
        .iter()
        .any(|name| fits_type(schemas, (schema, *name), value))
}

fn fits_type(schemas: &Value, (schema, name): (&Value, &str), value: &Value) -> bool {
    match (name, value) {
        ("null", Value::Null) | ("boolean", Value::Bool(_)) | ("number", Value::Number(_)) => true,
        ("integer", Value::Number(number)) => {
            let within = |number| {
                schema["minimum"]
                    .as_i64()
                    .is_none_or(|least| least <= number)
                    && schema["maximum"].as_i64().is_none_or(|most| number <= most)
            };
            number.as_i64().is_some_and(within)
        }
        ("string", Value::String(text)) => has_format(text, schema["format"].as_str()),
        ("array", Value::Array(values)) => fits_array(schemas, schema, values),
        ("object", Value::Object(_)) => fits_object(schemas, schema, value),
        _ => false,
    }
}

fn fits_array(schemas: &Value, schema: &Value, values: &[Value]) -> bool {
    let each = |(at, value)| {
        let prefix = schema["prefixItems"].get(at);
        fits(schemas, prefix.unwrap_or(&schema["items"]), value)
    };
    values.iter().enumerate().all(each)
}

/// No field may be missing in the schema, although JSON Schema allows others by default.
fn fits_object(schemas: &Value, schema: &Value, value: &Value) -> bool {
    let required = schema["required"].as_array().into_iter().flatten();
    let mut required = required.filter_map(Value::as_str);
    let properties = schema["properties"].as_object().unwrap();
    let mut fields = value.as_object().unwrap().iter();
    required.all(|name| value.get(name).is_some())
        && fields.all(|(name, value)| {
            let property = properties.get(name);
            property.is_some_and(|property| fits(schemas, property, value))
        })
}

fn has_format(text: &str, format: Option<&str>) -> bool {
    let (dashes, colons) = (text.matches('-').count(), text.matches(':').count());
    match format {
        Some("date-time") => dashes == 2 && colons > 2 || text.ends_with('Z'),
        Some("date-time-local") => dashes == 2 && colons == 2 && text.contains('T'),
        Some("date") => dashes == 2 && text.len() == 10,
        Some("time-local") => dashes == 0 && colons == 2,
        Some("uuid") => text.parse::<Uuid>().is_ok(),
        Some("decimal") => text.parse::<Decimal>().is_ok(),
        None => true,
        Some(other) => panic!("`{other}` is not tested"),
    }
}

#[test]
fn a_value_of_another_kind_fits_no_schema() {
    let number = json!({ "type": ["integer", "null"], "minimum": 0, "maximum": 255 });
    let schemas = json!({ "Byte": number });
    let schema = json!({
        "type": "object",
        "properties": {
            "bytes": { "type": "array", "items": { "$ref": "#/$defs/Byte" } },
            "day": { "anyOf": [{ "type": "string", "format": "date" }, { "type": "null" }] },
        },
        "required": ["bytes"],
    });
    for (value, is_right) in [
        (
            json!({ "bytes": [0, null, 255], "day": "2025-01-06" }),
            true,
        ),
        (json!({ "bytes": [], "day": null }), true),
        (json!({ "bytes": [256] }), false),
        (json!({ "bytes": ["0"] }), false),
        (json!({ "bytes": [], "day": "January" }), false),
        (json!({ "bytes": [], "other": 1 }), false),
        (json!({ "day": null }), false),
    ] {
        assert_eq!(fits(&schemas, &schema, &value), is_right, "{value}");
    }
}
