//! Columns that are anonymous rows, or arrays of such: a struct for the whole row of a relation, a tuple for any other.

use super::{RowFields, RowOwner, RowStruct, Sources, TableRows};
use crate::query::analysis::{Record, TypedColumn};
use crate::rust::fields::{ColumnField, FieldRead};
use crate::rust::names::doc_text;
use crate::rust::types::{MOST_FIELDS, RustType, Unmapped};

impl TableRows<'_> {
    /// A column that is such a row, at `index`, with the structs inside of it.
    pub(super) fn of_record(
        &self,
        owner: &RowOwner<'_>,
        name: String,
        index: usize,
        (column, record): (&TypedColumn, &Record),
    ) -> Result<(ColumnField, Vec<RowStruct>), Unmapped> {
        let inside = RowOwner {
            name: owner.name_inside(&column.name),
            path: join_path(&owner.path, &column.name),
            columns: Vec::new(),
            ..owner.clone()
        };
        let row = self.of_columns(&inside, &record.columns)?;
        // The fields of a tuple have no names, so that one secret hides all of it.
        let secret = !record.named && row.fields.iter().any(|field| field.secret);
        let (rust_type, structs) = self.type_record((column, record), &inside, row)?;
        let rust_type = self.fields.map.of_rows(column, rust_type);
        let read = if rust_type.is_decode_only() {
            FieldRead::Decode(index)
        } else {
            FieldRead::Get(index)
        };
        let field = ColumnField {
            name,
            rust_type: rust_type.or_null(column.nullable),
            doc: Vec::new(),
            read,
            secret,
            attributes: Vec::new(),
        };
        Ok((field, structs))
    }

    /// The type of one such row, with the structs that it needs.
    fn type_record(
        &self,
        (column, record): (&TypedColumn, &Record),
        inside: &RowOwner<'_>,
        mut row: RowFields,
    ) -> Result<(RustType, Vec<RowStruct>), Unmapped> {
        let mut fields = row.fields.iter();
        if fields.any(|field| field.rust_type.has_no_reader()) {
            return Err(Unmapped {
                help: NO_READER.to_owned(),
                ..self.fields.map.unmapped_row(column)
            });
        }
        if !record.named {
            if row.fields.is_empty() || row.fields.len() > MOST_FIELDS {
                return Err(self.fields.map.unmapped_row(column));
            }
            let types = row.fields.into_iter().map(|field| field.rust_type);
            return Ok((RustType::Tuple(types.collect()), row.structs));
        }
        if let Some(shared) = self.struct_of(&record.columns, &row.fields) {
            return Ok((shared, row.structs));
        }
        let own = RowStruct {
            doc: vec![doc_text(&describe_row(inside))],
            name: inside.name.clone(),
            fields: row.fields,
            sources: Sources::Value,
            extras: inside.extras.clone(),
        };
        row.structs.insert(0, own);
        Ok((inside.rust_type(), row.structs))
    }
}

const NO_READER: &str = "name a Rust type that implements `xact::FromSql` for the composite in it, under `types:` in \
                         schema_annotations.yaml, or select the fields one by one";

fn join_path(path: &str, field: &str) -> String {
    if path.is_empty() {
        field.to_owned()
    } else {
        format!("{path}.{field}")
    }
}

fn describe_row(row: &RowOwner<'_>) -> String {
    format!("A row in `{}` of a row of {}.", row.path, row.write_link())
}
