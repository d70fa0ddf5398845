//! The order of columns is no difference: Postgres adds columns at the end, wherever a person writes them.

use crate::schema::Schema;
use crate::schema::model::{StatementKind, Table};

/// The same schema with the columns of each table in order of their names, rows with them.
#[must_use]
pub fn in_order_of_names(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    schema.tables.iter_mut().for_each(sort_columns);
    let statements = schema.statements.iter_mut();
    for item in statements.filter(|item| item.kind == StatementKind::Statistics) {
        item.definition = sort_statistics_columns(&item.definition);
    }
    schema
}

/// Postgres prints the columns of statistics in the order in which they stand in the table.
fn sort_statistics_columns(definition: &str) -> String {
    let parts = definition.split_once(" ON ");
    let parts = parts.and_then(|(head, rest)| Some((head, rest.rsplit_once(" FROM ")?)));
    match parts {
        Some((head, (columns, table))) if !columns.contains('(') => {
            let mut columns: Vec<&str> = columns.split(", ").collect();
            columns.sort_unstable();
            format!("{head} ON {} FROM {table}", columns.join(", "))
        }
        _ => definition.to_owned(),
    }
}

fn sort_columns(table: &mut Table) {
    let stored = table
        .columns
        .iter()
        .filter(|column| column.generated.is_none());
    let mut places: Vec<(String, usize)> = stored
        .enumerate()
        .map(|(place, column)| (column.name.clone(), place))
        .collect();
    places.sort();
    for row in &mut table.rows {
        let fields = places
            .iter()
            .map(|(_, place)| row.get(*place).cloned().flatten());
        *row = fields.collect();
    }
    table.rows.sort();
    table.columns.sort_by(|a, b| a.name.cmp(&b.name));
}
