//! Names where sea-query takes them.

use sea_query::{ColumnName, IntoIden as _, SchemaName, TableName};

use super::{Qualified, Table};

impl From<Table> for TableName {
    fn from(table: Table) -> Self {
        let schema = table
            .schema
            .map(|schema| SchemaName(None, schema.into_iden()));
        Self(schema, table.name.into_iden())
    }
}

impl From<Qualified> for ColumnName {
    fn from(column: Qualified) -> Self {
        Self(Some(column.table.into()), column.column.into_iden())
    }
}
