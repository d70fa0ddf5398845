//! The rows of tables whose name ends in `_enum`: such a table is an enum, so its rows are schema.

use sqlx::{AssertSqlSafe, PgConnection, Row};

use crate::schema::Schema;
use crate::schema::model::{Column, Table};

/// Fills in the rows of every `_enum` table, by one query for all of them.
pub(super) async fn read(
    connection: &mut PgConnection,
    tables: &mut [Table],
) -> Result<(), sqlx::Error> {
    read_where(connection, tables, Table::is_enum).await
}

/// Fills in the rows of every table that stores rows here, as of a database that migrations built.
///
/// # Errors
/// If the connection breaks or a table may not be read.
///
/// # Cancellation
/// Nothing was changed in the database.
pub async fn read_all_rows(
    connection: &mut PgConnection,
    schema: &mut Schema,
) -> Result<(), sqlx::Error> {
    for table in &mut schema.tables {
        table.rows.clear();
    }
    read_where(connection, &mut schema.tables, |table| {
        table.foreign.is_none()
    })
    .await
}

async fn read_where(
    connection: &mut PgConnection,
    tables: &mut [Table],
    is_wanted: impl Fn(&Table) -> bool,
) -> Result<(), sqlx::Error> {
    let selects: Vec<String> = tables
        .iter()
        .enumerate()
        .filter(|(_, table)| is_wanted(table))
        .filter_map(|(place, table)| select_rows(place, table))
        .collect();
    if selects.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "{}\nORDER BY place, position",
        selects.join("\nUNION ALL\n")
    );
    for row in sqlx::query(AssertSqlSafe(sql))
        .fetch_all(connection)
        .await?
    {
        let place: i64 = row.try_get("place")?;
        let table = usize::try_from(place)
            .ok()
            .and_then(|place| tables.get_mut(place));
        if let Some(table) = table {
            table.rows.push(row.try_get("fields")?);
        }
    }
    Ok(())
}

fn select_rows(place: usize, table: &Table) -> Option<String> {
    let columns: Vec<&Column> = table
        .columns
        .iter()
        .filter(|column| column.generated.is_none())
        .collect();
    if columns.is_empty() {
        return None;
    }
    let fields: Vec<String> = columns
        .iter()
        .map(|column| format!("{}::text", column.sql))
        .collect();
    let order: Vec<String> = columns.iter().map(|column| order_key(column)).collect();
    let (fields, order, sql) = (fields.join(", "), order.join(", "), &table.name.sql);
    // ONLY: rows of a child belong to the child, and would be inserted twice.
    Some(format!(
        "SELECT {place}::int8 AS place, row_number() OVER (ORDER BY {order}) AS position, ARRAY[{fields}] AS fields
         FROM ONLY {sql}"
    ))
}

/// Numbers in their own order, all else as text by bytes, whatever the database's collation.
fn order_key(column: &Column) -> String {
    match column.data_type.as_str() {
        "smallint" | "integer" | "bigint" | "numeric" | "boolean" => column.sql.clone(),
        _ => format!("{}::text COLLATE \"C\"", column.sql),
    }
}
