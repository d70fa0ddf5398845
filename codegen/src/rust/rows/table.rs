//! The structs of tables, and the rows of queries that are rows of a table.

use super::{RowOwner, RowStruct, Sources, TableRows};
use crate::query::analysis::{Evidence, TypedColumn};
use crate::rust::extras::TypeExtras;
use crate::rust::fields::{ColumnField, doc_lines};
use crate::rust::names::doc_text;
use crate::rust::types::{Form, Own, RustType};
use crate::schema::model::{Column, Number, Table};

impl TableRows<'_> {
    /// The struct of a table whose columns these are, in order, if it can hold every value that these fields can.
    ///
    /// A condition or an assignment of one query may prove more than the table does. Its rows are rows of the table all the
    /// same, so that a filter changes no type; a mark, `AS "stars!"`, asks for a type of its own.
    pub(in crate::rust) fn struct_of(
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
        let of_table = self.fields_of_table(table)?;
        let pairs = of_table.iter().zip(fields).zip(columns);
        let mut holds = pairs.map(|((own, found), column)| {
            // A mark in the query decides about NULL. Without one, an `Option` of the table may
            // hold a value that is never NULL here.
            let is_marked = column.label != column.name;
            let is_same = own.name == found.name && own.doc == found.doc;
            is_same
                && if is_marked {
                    own.rust_type == found.rust_type
                } else {
                    own.rust_type.holds(&found.rust_type)
                }
        });
        holds
            .all(|holds| holds)
            .then(|| self.fields.map.own.rust_type(own, form))?
    }

    /// The table that all columns are of, in order.
    fn table_of(&self, columns: &[TypedColumn]) -> Option<&Table> {
        let (oid, _) = columns.first()?.origin?;
        let table = self.schema.table(Number(oid))?;
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
        let columns: Vec<TypedColumn> = columns
            .map(|column| self.type_column(table, column))
            .collect();
        // No column of a table is an anonymous row, so that nothing is called by this name.
        let row = self.of_columns(&RowOwner::default(), &columns).ok()?;
        Some(row.fields)
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
            elements_nullable: !self.checked_elements.contains(&origin),
            elements_checked: self.checked_elements.contains(&origin),
            dimensions: false,
            rust_type: None,
            evidence: Evidence::default(),
            origin: Some(origin),
            key: Some(self.keys.end(origin)),
            record: None,
        }
    }

    /// The derives and attributes of the struct of a table's rows.
    pub(super) fn extras_of_table(&self, table: &Table) -> TypeExtras {
        let annotation = self.annotations.tables.get(&table.name.annotation_key());
        let (derives, attributes) = annotation
            .map(|annotation| (&*annotation.derive, &*annotation.attributes))
            .unwrap_or_default();
        TypeExtras::new(&self.config.rows, derives, attributes)
    }

    /// The struct of a table's rows.
    pub(in crate::rust) fn of_table(
        &self,
        name: &str,
        table: u32,
        sources: Sources,
    ) -> Option<RowStruct> {
        let table = self.schema.table(Number(table))?;
        let annotation = self.annotations.tables.get(&table.name.annotation_key());
        let mut doc = vec![doc_text(&format!("A row of `{}`.", table.name.sql))];
        let described = annotation.and_then(|found| found.description.as_deref());
        if let Some(description) = described.or(table.attached.comment.as_deref()) {
            doc.push(doc_text(""));
            doc.extend(doc_lines(description));
        }
        Some(RowStruct {
            name: name.to_owned(),
            doc,
            fields: self.fields_of_table(table)?,
            sources,
            extras: self.extras_of_table(table),
        })
    }
}
