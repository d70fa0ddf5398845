//! Rows: queries that select all columns of one table, in its order, share one struct, and rows of relations are fields of
//! the rows that embed them.

use super::fields::{ColumnField, Fields, Read, doc_lines};
use super::names::{Unique, doc_text, pascal_case};
use super::query::{function_name, row_name};
use super::types::{Form, Own, RustType};
use crate::query::analysis::{Embedded, Evidence, Output, Typed, TypedColumn};
use crate::schema::annotations::Annotations;
use crate::schema::model::{Column, Table};
use crate::schema::{Keys, Schema};

/// A row of a query, of a row in it, or of a table, which several queries may give.
pub(super) struct RowStruct {
    /// Its documentation, by lines.
    pub(super) doc: Vec<String>,
    pub(super) name: String,
    pub(super) fields: Vec<ColumnField>,
}

impl RowStruct {
    /// Whether each field is the column at its own position, read by the runtime's `FromSql`.
    pub(super) fn is_read_in_order(&self) -> bool {
        let mut fields = self.fields.iter().enumerate();
        fields.all(|(index, field)| field.read == Read::Get(index))
    }
}

/// The rows of the tables of a schema.
pub(super) struct TableRows<'a> {
    pub(super) schema: &'a Schema,
    pub(super) keys: Keys,
    pub(super) fields: Fields<'a>,
}

impl TableRows<'_> {
    /// The struct of a table whose columns these are, in order, if it has the same fields.
    pub(super) fn struct_of(
        &self,
        columns: &[TypedColumn],
        fields: &[ColumnField],
    ) -> Option<RustType> {
        let table = self.table_of(columns)?;
        let form = Form {
            by_value: false,
            decode_only: false,
        };
        let own = Own::Row(table.oid.0);
        let is_whole = self.fields_of_table(table)? == fields;
        is_whole.then(|| self.fields.map.own.rust_type(own, form))?
    }

    /// The fields of a query's row: those of its columns, with every embedded row in the place of its own. The structs are of
    /// rows that are those of no table.
    pub(super) fn nest(
        &self,
        typed: &Typed,
        columns: Vec<ColumnField>,
    ) -> (Vec<ColumnField>, Vec<RowStruct>) {
        if typed.embedded.is_empty() || columns.is_empty() {
            return (columns, Vec::new());
        }
        let outputs = typed.outputs();
        let names = outputs.iter().map(|output| output.name(typed));
        let names = Unique::default().identifiers(names);
        let mut columns: Vec<Option<ColumnField>> = columns.into_iter().map(Some).collect();
        let (mut fields, mut structs) = (Vec::new(), Vec::new());
        for (output, name) in outputs.into_iter().zip(names) {
            match output {
                Output::Column(index) => {
                    let column = columns[index].take();
                    fields.extend(column.map(|field| ColumnField { name, ..field }));
                }
                Output::Row(row) => {
                    let (field, own) = self.embed(typed, row, name);
                    fields.push(field);
                    structs.extend(own);
                }
            }
        }
        (fields, structs)
    }

    /// A row as a field, and its struct if it is the row of no table.
    fn embed(
        &self,
        typed: &Typed,
        row: &Embedded,
        name: String,
    ) -> (ColumnField, Option<RowStruct>) {
        let columns = &typed.columns[row.columns.clone()];
        let fields = self.fields_of_columns(columns.iter().cloned());
        let fields = fields.expect("the columns of the query have types");
        let (rust_type, own) = if let Some(shared) = self.struct_of(columns, &fields) {
            (shared, None)
        } else {
            let own = embedded_struct(typed, row, fields);
            (RustType::Struct(own.name.clone()), Some(own))
        };
        let read = Read::Part {
            columns: row.columns.clone(),
            path: rust_type.to_string(),
            optional: row.optional,
        };
        let field = ColumnField {
            name,
            rust_type: rust_type.or_null(row.optional),
            doc: Vec::new(),
            read,
        };
        (field, own)
    }

    /// The table that all columns are of, in order.
    fn table_of(&self, columns: &[TypedColumn]) -> Option<&Table> {
        let (oid, _) = columns.first()?.origin?;
        let table = self.schema.tables.iter().find(|table| table.oid.0 == oid)?;
        let own = table
            .columns
            .iter()
            .map(|column| Some((oid, column.number.0)));
        let origins = columns.iter().map(|column| column.origin);
        own.eq(origins).then_some(table)
    }

    /// The fields of a table's row; none if a column has a type that Rust has not.
    fn fields_of_table(&self, table: &Table) -> Option<Vec<ColumnField>> {
        let columns = table.columns.iter();
        self.fields_of_columns(columns.map(|column| self.type_column(table, column)))
    }

    /// The fields of a row of these columns alone; none if one has a type that Rust has not.
    fn fields_of_columns(
        &self,
        columns: impl Iterator<Item = TypedColumn>,
    ) -> Option<Vec<ColumnField>> {
        let columns: Vec<TypedColumn> = columns.collect();
        let names = columns.iter().map(|column| column.name.as_str());
        let names = Unique::default().identifiers(names);
        let fields = columns.iter().zip(names).enumerate();
        fields
            .map(|(index, (column, name))| self.fields.of_column(name, index, column).ok())
            .collect()
    }

    /// A column as a query has it that selects it unchanged.
    fn type_column(&self, table: &Table, column: &Column) -> TypedColumn {
        let oid = column.type_oid.0;
        let base = self.fields.map.catalog.base(oid);
        let origin = (table.oid.0, column.number.0);
        TypedColumn {
            name: column.name.clone(),
            label: column.name.clone(),
            type_oid: base.map_or(oid, |base| base.oid),
            nullable: !column.not_null,
            elements_nullable: true,
            dimensions: false,
            rust_type: None,
            evidence: Evidence::default(),
            origin: Some(origin),
            key: Some(self.keys.end(origin)),
            record: None,
        }
    }

    /// The struct of a table's rows.
    pub(super) fn of_table(
        &self,
        name: &str,
        table: u32,
        annotations: &Annotations,
    ) -> Option<RowStruct> {
        let mut tables = self.schema.tables.iter();
        let table = tables.find(|found| found.oid.0 == table)?;
        let annotation = annotations.tables.get(&table.name.annotation_key());
        let mut doc = vec![doc_text(&format!("A row of `{}`.", table.name.sql))];
        if let Some(description) = annotation.and_then(|found| found.description.as_deref()) {
            doc.push(doc_text(""));
            doc.extend(doc_lines(description));
        }
        Some(RowStruct {
            name: name.to_owned(),
            doc,
            fields: self.fields_of_table(table)?,
        })
    }
}

/// The struct of a row that is the row of no table.
fn embedded_struct(typed: &Typed, row: &Embedded, fields: Vec<ColumnField>) -> RowStruct {
    let (query, field) = (&typed.query.name, &row.field);
    let whole = row_name(query);
    // A row alone is the row of the query.
    let (name, doc) = if row.columns.len() == typed.columns.len() {
        (
            whole,
            format!("A row of [`Orm::{}`].", function_name(query)),
        )
    } else {
        let name = format!("{whole}{}", pascal_case(field));
        let doc = format!("`{field}` of a row of [`Orm::{}`].", function_name(query));
        (name, doc)
    };
    let doc = vec![doc_text(&doc)];
    RowStruct { doc, name, fields }
}
