//! `sqlc.embed(t)`: a run of columns as one field.

use super::{RowOwner, RowStruct, Sources, TableRows};
use crate::query::analysis::{Embedded, Typed};
use crate::rust::fields::{ColumnField, FieldRead};
use crate::rust::names::{doc_text, pascal_case};
use crate::rust::types::Unmapped;

impl TableRows<'_> {
    /// A row as a field, with its struct if it is the row of no table, and those of the rows inside of it.
    pub(super) fn embed(
        &self,
        typed: &Typed,
        embedded: &Embedded,
        (whole, name): (&RowOwner<'_>, String),
    ) -> Result<(ColumnField, Vec<RowStruct>), Unmapped> {
        let columns = &typed.columns[embedded.columns.clone()];
        let owner = name_embedded(typed, embedded, whole);
        let mut row = self.of_columns(&owner, columns)?;
        let rust_type = if let Some(shared) = self.struct_of(columns, &row.fields) {
            shared
        } else {
            let own = RowStruct {
                doc: vec![doc_text(&describe_embedded(typed, embedded, &owner))],
                name: owner.name.clone(),
                fields: row.fields,
                sources: Sources::Columns,
                extras: owner.extras.clone(),
            };
            row.structs.insert(0, own);
            owner.rust_type()
        };
        let read = FieldRead::Part {
            columns: embedded.columns.clone(),
            path: rust_type.to_string(),
            optional: embedded.optional,
        };
        let field = ColumnField {
            name,
            rust_type: rust_type.or_null(embedded.optional),
            doc: Vec::new(),
            read,
            secret: false,
            attributes: Vec::new(),
        };
        Ok((field, row.structs))
    }
}

fn name_embedded<'q>(typed: &Typed, embedded: &Embedded, whole: &RowOwner<'q>) -> RowOwner<'q> {
    let name = if is_whole_row(typed, embedded) {
        whole.name.clone()
    } else {
        format!("{}{}", whole.name, pascal_case(&embedded.field))
    };
    RowOwner {
        name,
        path: embedded.field.clone(),
        columns: Vec::new(),
        ..whole.clone()
    }
}

fn describe_embedded(typed: &Typed, embedded: &Embedded, owner: &RowOwner<'_>) -> String {
    let link = owner.write_link();
    if is_whole_row(typed, embedded) {
        return format!("A row of {link}.");
    }
    format!("`{}` of a row of {link}.", embedded.field)
}

/// A row alone is the row of the query.
fn is_whole_row(typed: &Typed, embedded: &Embedded) -> bool {
    embedded.columns.len() == typed.columns.len()
}
