//! `sqlc.embed(t)`: a run of columns as one field.

use super::{Owner, RowStruct, Sources, TableRows};
use crate::query::analysis::{Embedded, Typed};
use crate::rust::fields::{ColumnField, Read};
use crate::rust::names::{doc_text, pascal_case};
use crate::rust::query::{function_name, row_name};
use crate::rust::types::{RustType, Unmapped};

impl TableRows<'_> {
    /// A row as a field, with its struct if it is the row of no table, and those of the rows inside of it.
    pub(super) fn embed(
        &self,
        typed: &Typed,
        embedded: &Embedded,
        name: String,
    ) -> Result<(ColumnField, Vec<RowStruct>), Unmapped> {
        let columns = &typed.columns[embedded.columns.clone()];
        let owner = name_embedded(typed, embedded);
        let mut row = self.of_columns(&owner, columns)?;
        let rust_type = if let Some(shared) = self.struct_of(columns, &row.fields) {
            shared
        } else {
            let own = RowStruct {
                doc: vec![doc_text(&describe_embedded(typed, embedded))],
                name: owner.name.clone(),
                fields: row.fields,
                sources: Sources::Columns,
            };
            row.structs.insert(0, own);
            RustType::Struct(owner.name)
        };
        let read = Read::Part {
            columns: embedded.columns.clone(),
            path: rust_type.to_string(),
            optional: embedded.optional,
        };
        let field = ColumnField {
            name,
            rust_type: rust_type.or_null(embedded.optional),
            doc: Vec::new(),
            read,
        };
        Ok((field, row.structs))
    }
}

fn name_embedded<'q>(typed: &'q Typed, embedded: &Embedded) -> Owner<'q> {
    let whole = row_name(&typed.query.name);
    let name = if is_whole_row(typed, embedded) {
        whole
    } else {
        format!("{whole}{}", pascal_case(&embedded.field))
    };
    Owner {
        query: &typed.query.name,
        name,
        path: embedded.field.clone(),
        columns: Vec::new(),
    }
}

fn describe_embedded(typed: &Typed, embedded: &Embedded) -> String {
    let function = function_name(&typed.query.name);
    if is_whole_row(typed, embedded) {
        return format!("A row of [`Orm::{function}`].");
    }
    format!("`{}` of a row of [`Orm::{function}`].", embedded.field)
}

/// A row alone is the row of the query.
fn is_whole_row(typed: &Typed, embedded: &Embedded) -> bool {
    embedded.columns.len() == typed.columns.len()
}
