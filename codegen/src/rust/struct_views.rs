//! The structs of rows and parameters as the templates have them, with their derives, attributes and `Debug`.

use super::names::braced_list;
use super::rows;
use serde::Serialize;

/// The parameters of one query as a struct.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct ParameterStruct {
    pub(super) name: String,
    /// Whether it has a lifetime, `'a`.
    pub(super) borrows: bool,
    pub(super) derives: String,
    pub(super) attributes: Vec<String>,
    /// The call that implements `Debug`, if it is not derived.
    pub(super) debug: Option<String>,
    pub(super) fields: Vec<StructField>,
}

/// A field of a struct without documentation.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct StructField {
    pub(super) name: String,
    pub(super) rust_type: String,
    pub(super) attributes: Vec<String>,
}

/// The call that implements `Debug` for a struct with secrets; none for one without. The fields are by name, with whether each
/// is a secret.
pub(super) fn write_debug(type_name: &str, name: &str, fields: &[(&str, bool)]) -> Option<String> {
    if !fields.iter().any(|(_, secret)| *secret) {
        return None;
    }
    let fields = fields.iter().map(|(field, secret)| {
        let how = if *secret { "hidden" } else { "shown" };
        format!("{field}: {how}")
    });
    let fields = fields.collect::<Vec<_>>().join(", ");
    Some(format!(
        "xact::generated::debug!({type_name}, {name:?}, {{ {fields} }});"
    ))
}

/// A row of a query, of a row in it, or of a table, which several queries may give.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct RowStructView {
    pub(super) doc: Vec<String>,
    pub(super) name: String,
    /// Whether it has a lifetime, `'a`.
    pub(super) borrows: bool,
    pub(super) fields: Vec<Field>,
    /// The names of its fields as a list in braces, if each is read by its position alone.
    pub(super) in_order: Option<String>,
    pub(super) derives: String,
    pub(super) attributes: Vec<String>,
    /// The call that implements `Debug`, if it is not derived.
    pub(super) debug: Option<String>,
    /// Whether it is read from the columns of a result.
    pub(super) from_columns: bool,
    /// The OIDs and the names of the columns that several queries read it from, as expressions.
    pub(super) columns: Option<String>,
    /// Whether it is read from a value, an anonymous row.
    pub(super) from_value: bool,
}

/// A field of a row.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) rust_type: String,
    pub(super) doc: Vec<String>,
    pub(super) attributes: Vec<String>,
    /// The expression that reads it from a row.
    pub(super) value: String,
    /// The expression that reads it from a value.
    pub(super) part: String,
}

impl From<rows::RowStruct> for RowStructView {
    fn from(row: rows::RowStruct) -> Self {
        let names: Vec<&str> = row.fields.iter().map(|field| field.name.as_str()).collect();
        let borrows = row.is_borrowed();
        let reader = if borrows { "borrowed_row" } else { "row" };
        let before = "xact::generated::!(".len() + reader.len() + row.name.len() + 1;
        let in_order = row.is_read_in_order().then(|| braced_list(before, &names));
        let fields = row.fields.iter().map(|field| Field {
            name: field.name.clone(),
            rust_type: field.rust_type.with_lifetime("'a"),
            doc: field.doc.clone(),
            attributes: field.attributes.clone(),
            value: field.value(),
            part: field.part(),
        });
        let shown = row
            .fields
            .iter()
            .map(|field| (field.name.as_str(), field.secret));
        let type_name = format!("{}{}", row.name, if borrows { "<'_>" } else { "" });
        let debug = write_debug(&type_name, &row.name, &shown.collect::<Vec<_>>());
        // A derived `Debug` would show the secrets.
        let own: &[&str] = if debug.is_some() {
            &["Clone", "PartialEq"]
        } else {
            &["Clone", "Debug", "PartialEq"]
        };
        Self {
            derives: row.extras.derive_list(own),
            attributes: row.extras.attributes.clone(),
            debug,
            from_columns: row.sources != rows::Sources::Value,
            from_value: row.sources != rows::Sources::Columns,
            fields: fields.collect(),
            columns: None,
            in_order,
            borrows,
            name: row.name,
            doc: row.doc,
        }
    }
}
