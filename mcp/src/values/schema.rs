//! The JSON schema of a type: short, because every word of it is read by a model in each conversation.

use super::{Form, ValueType};
use serde_json::{Map, Value, json};

/// The schema of the values that are accepted as an argument of this type.
pub(crate) fn write_schema(value_type: &ValueType, nullable: bool) -> Map<String, Value> {
    let mut schema = match write_form(value_type) {
        Value::Object(schema) => schema,
        _ => Map::new(),
    };
    if nullable {
        allow_null(&mut schema);
    }
    schema
}

fn write_form(value_type: &ValueType) -> Value {
    match &value_type.form {
        Form::Bool => json!({"type": "boolean"}),
        Form::Int2 | Form::Int4 | Form::Int8 | Form::Oid => json!({"type": "integer"}),
        Form::Float4 | Form::Float8 => json!({"type": "number"}),
        // Clients in JavaScript lose digits of numbers.
        Form::Numeric => json!({"type": ["number", "string"]}),
        Form::Text => json!({"type": "string"}),
        Form::Enum(labels) => json!({"type": "string", "enum": labels}),
        Form::Uuid => json!({"type": "string", "format": "uuid"}),
        Form::Bytes => json!({"type": "string", "description": "hex: \\x00ff"}),
        Form::Json | Form::Jsonb => json!({}),
        Form::Date => json!({"type": "string", "format": "date"}),
        Form::TimestampTz => json!({"type": "string", "format": "date-time"}),
        Form::Timestamp => json!({"type": "string", "description": "YYYY-MM-DDThh:mm:ss"}),
        Form::Array(element) => json!({"type": "array", "items": write_form(element)}),
        Form::Row(row) => {
            let fields = row.fields.iter();
            let fields = fields.map(|(name, of)| (name.clone(), write_schema(of, true).into()));
            let fields: Map<String, Value> = fields.collect();
            json!({"type": "object", "properties": fields})
        }
        Form::Other => {
            let described = format!("Postgres {}", value_type.base_name.replace('"', ""));
            json!({"type": "string", "description": described})
        }
    }
}

fn allow_null(schema: &mut Map<String, Value>) {
    match schema.get_mut("type") {
        Some(Value::Array(types)) => types.push("null".into()),
        Some(one) => *one = json!([one.clone(), "null"]),
        // JSON of any type.
        None => return,
    }
    if let Some(Value::Array(labels)) = schema.get_mut("enum") {
        labels.push(Value::Null);
    }
}
