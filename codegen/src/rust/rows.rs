//! Rows of tables: queries that select all columns of one table, in its order, share one struct.

use super::fields::{Fields, doc_lines};
use super::names::{Unique, doc_line, identifier};
use super::types::Own;
use super::view::{Field, TableRow};
use crate::query::analysis::{Typed, TypedColumn};
use crate::schema::annotations::Annotations;
use crate::schema::model::{Column, Table};
use crate::schema::{Keys, Schema};

/// The rows of the tables of a schema.
pub(super) struct TableRows<'a> {
    pub(super) schema: &'a Schema,
    pub(super) keys: Keys,
    pub(super) fields: Fields<'a>,
}

impl TableRows<'_> {
    /// The path of the struct for a query with these fields, if they are those of a table.
    pub(super) fn path_of(&self, typed: &Typed, fields: &[Field]) -> Option<String> {
        let table = self.table_of(typed).filter(|_| fields.len() > 1)?;
        let whole = self.fields_of(table)?;
        (whole == fields).then(|| self.fields.map.own.path(Own::Row(table.oid.0)))?
    }

    /// The table that all columns are of, in order.
    fn table_of(&self, typed: &Typed) -> Option<&Table> {
        let (oid, _) = typed.columns.first()?.origin?;
        let table = self.schema.tables.iter().find(|table| table.oid.0 == oid)?;
        let own = table
            .columns
            .iter()
            .map(|column| Some((oid, column.number.0)));
        let origins = typed.columns.iter().map(|column| column.origin);
        own.eq(origins).then_some(table)
    }

    /// The fields of a table's row; none if a column has a type that Rust has not.
    fn fields_of(&self, table: &Table) -> Option<Vec<Field>> {
        let mut names = Unique::default();
        let columns = table.columns.iter().enumerate();
        let fields = columns.map(|(index, column)| {
            let name = names.name(&identifier(&column.name));
            let typed = self.typed(table, column);
            self.fields.of_column(name, index, &typed).ok()
        });
        fields.collect()
    }

    /// A column as a query has it that selects it unchanged.
    fn typed(&self, table: &Table, column: &Column) -> TypedColumn {
        let oid = column.type_oid.0;
        let base = self.fields.map.catalog.base(oid);
        let origin = (table.oid.0, column.number.0);
        TypedColumn {
            name: column.name.clone(),
            type_oid: base.map_or(oid, |base| base.oid),
            nullable: !column.not_null,
            elements_nullable: true,
            rust_type: None,
            evidence: String::new(),
            origin: Some(origin),
            key: Some(self.keys.end(origin)),
            record: None,
        }
    }

    /// The struct of a table's rows.
    pub(super) fn view(
        &self,
        name: &str,
        table: u32,
        annotations: &Annotations,
    ) -> Option<TableRow> {
        let table = self
            .schema
            .tables
            .iter()
            .find(|found| found.oid.0 == table)?;
        let annotation = annotations.tables.get(&table.name.annotation_key());
        let mut doc = vec![doc_line(&format!("A row of `{}`.", table.name.sql))];
        if let Some(description) = annotation.and_then(|found| found.description.as_deref()) {
            doc.push(doc_line(""));
            doc.extend(doc_lines(description));
        }
        Some(TableRow {
            name: name.to_owned(),
            doc,
            fields: self.fields_of(table)?,
        })
    }
}
