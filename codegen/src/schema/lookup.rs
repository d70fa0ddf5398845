//! Finding things in a [`Schema`] by name.

use super::Schema;
use super::model::{Column, ColumnNumber, Constraint, ConstraintKind, Name, Oid, Table};

impl Schema {
    /// The names of tables and views, without their schemas.
    pub fn relation_names(&self) -> impl Iterator<Item = &str> {
        let tables = self.tables.iter().map(|table| table.name.name.as_str());
        let views = self.views.iter().map(|view| view.name.name.as_str());
        tables.chain(views)
    }

    /// The names of all columns of tables.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        let columns = self.tables.iter().flat_map(|table| &table.columns);
        columns.map(|column| column.name.as_str())
    }

    /// The table with this catalog number.
    pub fn table(&self, oid: Oid) -> Option<&Table> {
        self.tables.iter().find(|table| table.oid.0 == oid.0)
    }
}

impl Table {
    /// Whether it is an enum: a table whose name ends in `_enum`, and whose rows are schema.
    pub fn is_enum(&self) -> bool {
        self.name.name.ends_with("_enum")
    }

    /// The column of this name, unquoted.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The columns at these numbers, in their order.
    pub fn columns_at(&self, numbers: &[ColumnNumber]) -> Vec<&Column> {
        let at = |number: &ColumnNumber| {
            self.columns
                .iter()
                .find(|column| column.number.0 == number.0)
        };
        numbers.iter().filter_map(at).collect()
    }

    /// The primary key.
    pub fn primary_key(&self) -> Option<&Constraint> {
        super::primary_key(self)
    }

    /// The foreign keys, by name.
    pub fn foreign_keys(&self) -> impl Iterator<Item = &Constraint> {
        let constraints = self.constraints.iter();
        constraints.filter(|constraint| constraint.kind == ConstraintKind::ForeignKey)
    }
}

impl Name {
    /// As the annotations spell it: unquoted, with its schema unless that is `public`.
    pub fn annotation_key(&self) -> String {
        match self.schema.as_str() {
            "public" => self.name.clone(),
            schema => format!("{schema}.{}", self.name),
        }
    }
}
