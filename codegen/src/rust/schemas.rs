//! Fields in schemas: the attributes that give the derives of utoipa and schemars the JSON that serde writes.
//!
//! Neither derive knows the modules in `#[serde(with = "…")]`, and utoipa's knows the types of other crates by their names alone. So
//! each field that is not plain names a type that has its JSON.

use super::extras::TypeExtras;
use super::json_shape::{JsonShape, TextFormat, describe_json};
use super::types::RustType;
use crate::config::JsonTimes;

/// The struct that a field is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldOwner {
    Row,
    Composite,
    Parameters,
}

/// A derive that describes JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SchemaDerive {
    /// `utoipa::ToSchema`: a schema in an OpenAPI document.
    ToSchema,
    /// `utoipa::IntoParams`: the fields as parameters of a route.
    IntoParams,
    /// `schemars::JsonSchema`: a JSON Schema.
    JsonSchema,
}

impl SchemaDerive {
    pub(super) const ALL: [Self; 3] = [Self::ToSchema, Self::IntoParams, Self::JsonSchema];

    /// The name of its macro.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ToSchema => "ToSchema",
            Self::IntoParams => "IntoParams",
            Self::JsonSchema => "JsonSchema",
        }
    }

    /// The derive that a generated type within a field needs.
    pub(super) fn of_parts(self) -> Self {
        match self {
            Self::ToSchema | Self::IntoParams => Self::ToSchema,
            Self::JsonSchema => Self::JsonSchema,
        }
    }

    /// The attribute that it reads.
    fn attribute(self) -> &'static str {
        match self {
            Self::ToSchema => "schema",
            Self::IntoParams => "param",
            Self::JsonSchema => "schemars",
        }
    }

    /// Leaves a field out.
    fn skip(self) -> &'static str {
        match self {
            Self::ToSchema | Self::IntoParams => "ignore",
            Self::JsonSchema => "skip",
        }
    }
}

/// The attributes of a field, without `#[…]`; none where a derive reads its type as it is.
pub(super) fn write_schema_attributes(
    rust_type: &RustType,
    (owner, secret): (FieldOwner, bool),
    extras: &TypeExtras,
    times: JsonTimes,
) -> Vec<String> {
    let asked = SchemaDerive::ALL.into_iter();
    let asked = asked.filter(|derive| extras.describes_schema(*derive));
    let attributes = asked.filter_map(|derive| {
        let parts = if secret && is_left_out(derive, extras) {
            // utoipa leaves out the fields that serde does not write.
            let is_told = derive != SchemaDerive::JsonSchema && extras.writes_json();
            (!is_told)
                .then(|| derive.skip().to_owned())
                .into_iter()
                .collect()
        } else {
            let shape = describe_json(rust_type, times);
            match derive {
                SchemaDerive::ToSchema => write_for_utoipa(&shape, rust_type, owner, extras),
                SchemaDerive::IntoParams => write_for_params(&shape, rust_type),
                SchemaDerive::JsonSchema => write_for_schemars(&shape, rust_type),
            }
        };
        let attribute = format!("{}({})", derive.attribute(), parts.join(", "));
        (!parts.is_empty()).then(|| extras.write_for_schema(derive, attribute))
    });
    attributes.collect()
}

/// Whether a secret is in no schema of this derive. schemars has one schema for reading and one for writing, so that a secret that
/// serde reads is in the former alone.
fn is_left_out(derive: SchemaDerive, extras: &TypeExtras) -> bool {
    derive != SchemaDerive::JsonSchema || !extras.reads_json()
}

fn write_for_utoipa(
    shape: &JsonShape,
    rust_type: &RustType,
    owner: FieldOwner,
    extras: &TypeExtras,
) -> Vec<String> {
    // Parameters describe requests, which never have a `null` for a number and may leave out an `Option`.
    let is_written = owner != FieldOwner::Parameters && extras.writes_json();
    let mut parts = name_utoipa_type(shape, rust_type, is_written);
    // serde writes `null` in a row, and never leaves the field out.
    let is_null = matches!(rust_type, RustType::Option(_)) && !extras.reads_json();
    if is_written && (is_null || matches!(shape, JsonShape::Float(_))) {
        parts.push("required".to_owned());
    }
    parts
}

/// utoipa adds no component to the document for the type of a parameter, so the schema of a generated type is written in its place.
fn write_for_params(shape: &JsonShape, rust_type: &RustType) -> Vec<String> {
    let mut parts = name_utoipa_type(shape, rust_type, false);
    if shape.has_component() {
        parts.push("inline".to_owned());
    }
    parts
}

fn name_utoipa_type(shape: &JsonShape, rust_type: &RustType, is_written: bool) -> Vec<String> {
    let name = shape.write_type(&|leaf| match leaf {
        JsonShape::Float(number) if is_written => format!("Option<{number}>"),
        JsonShape::Rust(path) | JsonShape::Float(path) => path.clone(),
        _ => "String".to_owned(),
    });
    let format = shape.find_format().and_then(TextFormat::name);
    let mut parts = Vec::new();
    if name != rust_type.to_string() || format.is_some() {
        parts.push(format!("value_type = {name}"));
    }
    parts.extend(format.map(|format| format!("format = \"{format}\"")));
    parts
}

fn write_for_schemars(shape: &JsonShape, rust_type: &RustType) -> Vec<String> {
    let name = shape.write_type(&|leaf| match leaf {
        JsonShape::Float(number) => format!("{MARKERS}::{}", number.to_uppercase()),
        JsonShape::Text(format) => find_marker(*format).map_or_else(
            || "String".to_owned(),
            |marker| format!("{MARKERS}::{marker}"),
        ),
        JsonShape::Rust(path) => path.clone(),
        _ => String::new(),
    });
    let differs = name != rust_type.to_string();
    differs
        .then(|| format!("with = \"{name}\""))
        .into_iter()
        .collect()
}

/// The module of types that are nothing but their JSON Schema.
const MARKERS: &str = "xact::generated::json_schema";

fn find_marker(format: TextFormat) -> Option<&'static str> {
    Some(match format {
        TextFormat::Any => return None,
        TextFormat::Uuid => "Uuid",
        TextFormat::Decimal => "Decimal",
        TextFormat::Date => "Date",
        TextFormat::LocalTime => "LocalTime",
        TextFormat::LocalTimestamp => "LocalTimestamp",
        TextFormat::Timestamp => "Timestamp",
    })
}

impl JsonShape {
    /// A Rust type of this shape, whose leaves are written by `leaf`.
    fn write_type(&self, leaf: &dyn Fn(&Self) -> String) -> String {
        match self {
            Self::Nullable(inner) => match inner.write_type(leaf) {
                // A number that may be NULL in the database is one that may be `null`.
                nullable if nullable.starts_with("Option<") => nullable,
                inner => format!("Option<{inner}>"),
            },
            Self::List(inner) => format!("Vec<{}>", inner.write_type(leaf)),
            Self::Tuple(fields) => {
                // A tuple of one value needs the comma.
                let fields = fields.iter().map(|field| field.write_type(leaf) + ",");
                format!("({})", fields.collect::<String>())
            }
            Self::Rust(_) | Self::Float(_) | Self::Text(_) => leaf(self),
        }
    }

    /// The format of its text, also within lists. It is for a whole field, so that the texts of a tuple have none.
    fn find_format(&self) -> Option<TextFormat> {
        match self {
            Self::Text(format) => Some(*format),
            Self::Nullable(inner) | Self::List(inner) => inner.find_format(),
            Self::Rust(_) | Self::Float(_) | Self::Tuple(_) => None,
        }
    }

    /// Whether its schema refers to another.
    fn has_component(&self) -> bool {
        match self {
            // The other types of std are primitive, in small letters.
            Self::Rust(path) => {
                path != "String" && path.contains(|c: char| c == ':' || c.is_uppercase())
            }
            Self::Nullable(inner) | Self::List(inner) => inner.has_component(),
            Self::Tuple(fields) => fields.iter().any(Self::has_component),
            Self::Float(_) | Self::Text(_) => false,
        }
    }
}
