//! The attributes of fields for serde, or a diagnostic for each field that it cannot take.

use super::{RowStruct, TableRows};
use crate::project::Project;
use crate::query::analysis::Typed;
use crate::report::diagnostic::Diagnostic;
use crate::rust::extras::TypeExtras;
use crate::rust::json::{JsonContext, field_attributes};
use crate::rust::types::{Own, RustType};
use crate::schema::model::Table;

/// A field that serde cannot take.
pub(in crate::rust) struct Opaque {
    field: String,
    row: String,
    rust_type: String,
}

impl TableRows<'_> {
    /// Gives the fields of a row the attributes that its derives need.
    pub(in crate::rust) fn add_json(&self, row: &mut RowStruct) -> Vec<Opaque> {
        let mut opaque = Vec::new();
        for field in &mut row.fields {
            match self.json_attributes(&field.rust_type, field.secret, &row.extras) {
                Ok(attributes) => field.attributes = attributes,
                Err(rust_type) => opaque.push(Opaque {
                    field: field.name.clone(),
                    row: row.name.clone(),
                    rust_type,
                }),
            }
        }
        opaque
    }

    /// The attributes of one field, or the type that serde cannot take.
    pub(in crate::rust) fn json_attributes(
        &self,
        rust_type: &RustType,
        secret: bool,
        extras: &TypeExtras,
    ) -> Result<Vec<String>, String> {
        let context = JsonContext {
            times: self.config.json_times,
            extras_of: &|own| self.extras_of(own),
        };
        field_attributes(rust_type, secret, extras, &context)
    }

    /// The derives of a type of `types.rs` that serde takes only by a derive.
    fn extras_of(&self, own: Own) -> Option<TypeExtras> {
        match own {
            Own::Key(_) => None,
            Own::Row(oid) => {
                let mut tables = self.schema.tables.iter();
                let table = tables.find(|table| table.oid.0 == oid)?;
                Some(self.extras_of_table(table))
            }
            Own::Type(oid) => self
                .is_composite(oid)
                .then(|| TypeExtras::new(&self.config.composites, &[], &[])),
        }
    }

    fn is_composite(&self, oid: u32) -> bool {
        let found = self.fields.map.catalog.get(oid);
        found.is_some_and(|found| matches!(found.kind, crate::query::TypeKind::Composite(_)))
    }

    /// The table of this OID.
    pub(in crate::rust) fn find_table(&self, oid: u32) -> Option<&Table> {
        self.schema.tables.iter().find(|table| table.oid.0 == oid)
    }
}

impl Opaque {
    pub(in crate::rust) fn new(row: &str, field: &str, rust_type: String) -> Self {
        Self {
            field: field.to_owned(),
            row: row.to_owned(),
            rust_type,
        }
    }

    /// The error of a query's row.
    pub(in crate::rust) fn in_query(&self, typed: &Typed) -> Diagnostic {
        let span = typed.query.name_span.clone();
        Diagnostic::error("not-serializable", span, self.message()).help(self.help())
    }

    /// The error of a type of `types.rs`, where the derive is asked for: at the annotations of its table, or else in `xact.toml`.
    pub(in crate::rust) fn in_types(&self, project: &Project, table: Option<&Table>) -> Diagnostic {
        let key = table.map(|table| table.name.annotation_key());
        let annotation = key.and_then(|key| project.annotations.tables.get(&key));
        let asked = annotation.filter(|annotation| !annotation.derive.is_empty());
        let diagnostic = match asked {
            Some(annotation) => {
                project.annotation_error("not-serializable", annotation.place, self.message())
            }
            None => Diagnostic::in_file(
                "not-serializable",
                crate::config::FILE,
                None,
                self.message(),
            ),
        };
        diagnostic.help(self.help())
    }

    fn message(&self) -> String {
        let Self {
            field,
            row,
            rust_type,
        } = self;
        format!("field `{field}` of `{row}` has type `{rust_type}`, which serde cannot take")
    }

    fn help(&self) -> String {
        if self.rust_type.starts_with("types::") {
            return format!(
                "derive it for `{}` too: under `[rust.composites]` or `[rust.rows]` in xact.toml",
                self.rust_type
            );
        }
        "select it as text, `::text`; or name a type that serde takes: `rust_type` of the column in schema_annotations.yaml"
            .to_owned()
    }
}
