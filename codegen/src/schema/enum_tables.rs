//! Enum tables: `x_enum (value TEXT PRIMARY KEY)`, whose rows are the values that other tables may refer to.

use super::Schema;
use super::keys::ColumnId;
use super::model::{Constraint, ConstraintKind, Table};

/// A table whose rows are labels.
#[derive(Clone, Debug)]
pub struct EnumTable<'s> {
    /// The table.
    pub table: &'s Table,
    /// The column of the labels.
    pub key: ColumnId,
    /// The labels, in the order of `schema.sql`.
    pub labels: Vec<&'s str>,
}

/// The enum tables of the schema: those whose rows it holds and whose primary key is one text.
pub fn enum_tables(schema: &Schema) -> impl Iterator<Item = EnumTable<'_>> {
    schema.tables.iter().filter_map(enum_table)
}

fn enum_table(table: &Table) -> Option<EnumTable<'_>> {
    let [key] = primary_key(table)?.columns.as_slice() else {
        return None;
    };
    let mut stored = table
        .columns
        .iter()
        .filter(|column| column.generated.is_none());
    // Rows are read without generated columns, so the place counts stored columns alone.
    let place = stored.position(|column| column.number.0 == key.0)?;
    let column = table
        .columns
        .iter()
        .find(|column| column.number.0 == key.0)?;
    let labels: Option<Vec<&str>> = table
        .rows
        .iter()
        .map(|row| row.get(place)?.as_deref())
        .collect();
    // An enum without a label has no value, and only text keys are labels.
    let labels = labels.filter(|labels| !labels.is_empty() && column.data_type == "text")?;
    Some(EnumTable {
        table,
        key: (table.oid.0, key.0),
        labels,
    })
}

/// The primary key of a table.
pub fn primary_key(table: &Table) -> Option<&Constraint> {
    let mut constraints = table.constraints.iter();
    constraints.find(|constraint| constraint.kind == ConstraintKind::PrimaryKey)
}
