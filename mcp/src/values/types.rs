//! A Postgres type as far as JSON tells its values apart.

use xact_codegen::query::analysis::TypedColumn;
use xact_codegen::query::{PgType, TypeCatalog, TypeKind};

/// The type of a parameter or a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ValueType {
    /// As SQL names it, quoted and qualified, so that neither a search path nor a default length changes its meaning.
    pub(crate) sql_name: String,
    /// The name of its base type, if it is a domain; otherwise the same.
    pub(crate) base_name: String,
    pub(crate) form: Form,
}

/// The form of a type's values in JSON.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Form {
    Bool,
    Int2,
    Int4,
    Int8,
    Oid,
    Float4,
    Float8,
    Numeric,
    Text,
    Enum(Vec<String>),
    Uuid,
    Bytes,
    Json,
    Jsonb,
    Date,
    Timestamp,
    TimestampTz,
    Array(Box<ValueType>),
    /// A composite or an anonymous row.
    Row(RowForm),
    /// The text that Postgres reads and prints.
    Other,
}

/// The fields of a row in a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RowForm {
    pub(crate) fields: Vec<(String, ValueType)>,
    /// Whether the fields have names; otherwise it is a list in JSON.
    pub(crate) named: bool,
}

/// The forms of Postgres's own types; every other one is [`Form::Other`].
const BUILT_IN: &[(&str, Form)] = &[
    ("bool", Form::Bool),
    ("int2", Form::Int2),
    ("int4", Form::Int4),
    ("int8", Form::Int8),
    ("oid", Form::Oid),
    ("float4", Form::Float4),
    ("float8", Form::Float8),
    ("numeric", Form::Numeric),
    ("text", Form::Text),
    ("varchar", Form::Text),
    ("bpchar", Form::Text),
    ("name", Form::Text),
    ("xml", Form::Text),
    ("uuid", Form::Uuid),
    ("bytea", Form::Bytes),
    ("json", Form::Json),
    ("jsonb", Form::Jsonb),
    ("date", Form::Date),
    ("timestamp", Form::Timestamp),
    ("timestamptz", Form::TimestampTz),
];

/// Postgres refuses composites that contain themselves, so that only a long chain of types is deeper.
const DEEPEST: usize = 32;

impl ValueType {
    /// The type with this OID in the catalog of the checked project.
    pub(crate) fn of_oid(oid: u32, catalog: &TypeCatalog) -> Self {
        Self::at_depth(oid, catalog, 0)
    }

    /// The type of a column, with the fields of anonymous rows as the analysis knows them.
    pub(crate) fn of_column(column: &TypedColumn, catalog: &TypeCatalog) -> Self {
        let whole = Self::of_oid(column.type_oid, catalog);
        let Some(record) = &column.record else {
            return whole;
        };
        let fields = record.columns.iter();
        let fields = fields.map(|field| (field.name.clone(), Self::of_column(field, catalog)));
        let row = Form::Row(RowForm {
            fields: fields.collect(),
            named: record.named,
        });
        match whole.form {
            // A column of rows has the rows inside of its array.
            Form::Array(element) => Self {
                form: Form::Array(Box::new(Self {
                    form: row,
                    ..*element
                })),
                ..whole
            },
            _ => Self { form: row, ..whole },
        }
    }

    fn at_depth(oid: u32, catalog: &TypeCatalog, depth: usize) -> Self {
        // A composite may hold arrays of itself, so the depth has an end.
        let Some(found) = catalog.get(oid).filter(|_| depth < DEEPEST) else {
            return Self {
                sql_name: "pg_catalog.\"text\"".to_owned(),
                base_name: "pg_catalog.\"text\"".to_owned(),
                form: Form::Other,
            };
        };
        let inner = |oid: u32| Self::at_depth(oid, catalog, depth + 1);
        let form = match &found.kind {
            // A value of a domain is sent as one of its base type.
            TypeKind::Domain(base) => {
                let base = inner(*base);
                return Self {
                    sql_name: quote_name(found),
                    ..base
                };
            }
            TypeKind::Enum(labels) => Form::Enum(labels.clone()),
            TypeKind::Array(element) => Form::Array(Box::new(inner(*element))),
            TypeKind::Composite(fields) => {
                let fields = fields.iter();
                Form::Row(RowForm {
                    fields: fields
                        .map(|(name, oid)| (name.clone(), inner(*oid)))
                        .collect(),
                    named: true,
                })
            }
            TypeKind::Base => find_base_form(found),
            TypeKind::Range(_) | TypeKind::Multirange | TypeKind::Pseudo => Form::Other,
        };
        Self {
            sql_name: quote_name(found),
            base_name: quote_name(found),
            form,
        }
    }
}

fn find_base_form(found: &PgType) -> Form {
    let known = BUILT_IN.iter().find(|(name, _)| *name == found.name);
    match known {
        // A project may have a type of the same name.
        Some((_, form)) if found.is_built_in() => form.clone(),
        // On the wire it is its text, as the documentation of the extension says.
        _ if !found.is_built_in() && found.name == "citext" => Form::Text,
        _ => Form::Other,
    }
}

/// `"pg_catalog"."bit"`: unquoted, `bit` would be `bit(1)`.
fn quote_name(found: &PgType) -> String {
    let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    format!("{}.{}", quote(&found.schema), quote(&found.name))
}
