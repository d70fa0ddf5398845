//! The attributes of fields for serde and schemas, or a diagnostic for each field that these cannot take.

use super::{RowStruct, TableRows};
use crate::project::Project;
use crate::query::BORROWED_ROWS;
use crate::query::analysis::Typed;
use crate::report::diagnostic::Diagnostic;
use crate::rust::extras::TypeExtras;
use crate::rust::json::{JsonContext, RefusalReason, Refused, write_attributes};
use crate::rust::schemas::FieldOwner;
use crate::rust::types::{Own, RustType};
use crate::schema::model::{Number, Table};

/// A field that a derive cannot take.
pub(in crate::rust) struct Opaque {
    field: String,
    owner: FieldOwner,
    /// The struct.
    row: String,
    refused: Refused,
}

impl TableRows<'_> {
    /// Gives the fields of a row the attributes that its derives need.
    pub(in crate::rust) fn add_attributes(&self, row: &mut RowStruct) -> Vec<Opaque> {
        let mut opaque = Vec::new();
        for field in &mut row.fields {
            match self.write_attributes(
                &field.rust_type,
                (FieldOwner::Row, field.secret),
                &row.extras,
            ) {
                Ok(attributes) => field.attributes = attributes,
                Err(refused) => {
                    let of = (FieldOwner::Row, row.name.as_str());
                    opaque.push(Opaque::new(of, &field.name, refused));
                }
            }
        }
        opaque
    }

    /// The attributes of one field, with whether it is a secret; or the type that a derive cannot take.
    pub(in crate::rust) fn write_attributes(
        &self,
        rust_type: &RustType,
        of: (FieldOwner, bool),
        extras: &TypeExtras,
    ) -> Result<Vec<String>, Refused> {
        let context = JsonContext {
            times: self.config.json_times,
            extras_of: &|own| self.extras_of(own),
        };
        write_attributes(rust_type, of, extras, &context)
    }

    /// The derives of a type of `types.rs` that serde takes only by a derive.
    fn extras_of(&self, own: Own) -> Option<TypeExtras> {
        match own {
            Own::Key(_) => None,
            Own::Row(oid) => {
                let table = self.schema.table(Number(oid))?;
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
}

impl Opaque {
    pub(in crate::rust) fn new(
        (owner, row): (FieldOwner, &str),
        field: &str,
        refused: Refused,
    ) -> Self {
        Self {
            field: field.to_owned(),
            owner,
            row: row.to_owned(),
            refused,
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
            refused: Refused { rust_type, reason },
            ..
        } = self;
        let reason = match reason {
            RefusalReason::Serde => "which serde cannot take".to_owned(),
            RefusalReason::Borrowed => "which serde can write and not read".to_owned(),
            RefusalReason::Schema(derive) => format!("which has no `{}`", derive.name()),
        };
        format!("field `{field}` of `{row}` has type `{rust_type}`, {reason}")
    }

    fn help(&self) -> String {
        let rust_type = &self.refused.rust_type;
        if self.refused.reason == RefusalReason::Borrowed {
            return format!(
                "derive `serde::Serialize` alone for `{}`; or, for rows, remove `-- {BORROWED_ROWS}`",
                self.row
            );
        }
        if rust_type.starts_with("types::") {
            return format!(
                "derive it for `{rust_type}` too: under `[rust.composites]` or `[rust.rows]` in xact.toml"
            );
        }
        let as_text = match self.owner {
            FieldOwner::Row | FieldOwner::Composite => "select it as text, `::text`".to_owned(),
            FieldOwner::Parameters => format!(
                "pass it as text, and cast that to its type: `:{}::text::…`",
                self.field
            ),
        };
        format!(
            "{as_text}; or name a type that serde takes: `rust_type` of the column in schema_annotations.yaml"
        )
    }
}
