//! Columns that are anonymous rows, or arrays of such: a struct for the whole row of a relation, a tuple for any other.

use super::{Owner, RowStruct, Sources, TableRows};
use crate::query::analysis::{Record, TypedColumn};
use crate::rust::fields::{ColumnField, Read};
use crate::rust::names::doc_text;
use crate::rust::types::{MOST_FIELDS, RustType, Unmapped};

impl TableRows<'_> {
    /// A column that is such a row, at `index`, with the structs inside of it.
    pub(super) fn of_record(
        &self,
        owner: &Owner<'_>,
        name: String,
        index: usize,
        (column, record): (&TypedColumn, &Record),
    ) -> Result<(ColumnField, Vec<RowStruct>), Unmapped> {
        let inside = Owner {
            name: owner.name_inside(&column.name),
            path: join_path(&owner.path, &column.name),
            columns: Vec::new(),
            ..owner.clone()
        };
        let mut row = self.of_columns(&inside, &record.columns)?;
        if row
            .fields
            .iter()
            .any(|field| field.rust_type.has_no_reader())
        {
            return Err(Unmapped {
                help: "name a Rust type that implements `xact::FromSql` for the composite in it, under `types:` in \
                       schema_annotations.yaml, or select the fields one by one"
                    .to_owned(),
                ..self.fields.map.unmapped_row(column)
            });
        }
        // The fields of a tuple have no names, so that one secret hides all of it.
        let secret = !record.named && row.fields.iter().any(|field| field.secret);
        let shared = self.struct_of(&record.columns, &row.fields);
        let rust_type = match shared {
            Some(shared) if record.named => shared,
            _ if record.named => {
                let own = RowStruct {
                    doc: vec![doc_text(&describe_row(&inside))],
                    name: inside.name.clone(),
                    fields: row.fields,
                    sources: Sources::Value,
                    extras: inside.extras.clone(),
                };
                row.structs.insert(0, own);
                inside.rust_type()
            }
            _ if row.fields.is_empty() || row.fields.len() > MOST_FIELDS => {
                return Err(self.fields.map.unmapped_row(column));
            }
            _ => RustType::Tuple(
                row.fields
                    .into_iter()
                    .map(|field| field.rust_type)
                    .collect(),
            ),
        };
        let rust_type = self.fields.map.of_rows(column, rust_type);
        let read = if rust_type.is_decode_only() {
            Read::Decode(index)
        } else {
            Read::Get(index)
        };
        let field = ColumnField {
            name,
            rust_type: rust_type.or_null(column.nullable),
            doc: Vec::new(),
            read,
            secret,
            attributes: Vec::new(),
        };
        Ok((field, row.structs))
    }
}

fn join_path(path: &str, field: &str) -> String {
    if path.is_empty() {
        field.to_owned()
    } else {
        format!("{path}.{field}")
    }
}

fn describe_row(row: &Owner<'_>) -> String {
    format!("A row in `{}` of a row of {}.", row.path, row.write_link())
}
