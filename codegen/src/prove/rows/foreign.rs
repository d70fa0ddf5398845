//! Foreign tables: their rows are on another server, or in a file, which a throwaway database may not reach.

use super::fill::Filled;
use super::insert::Unfilled;
use crate::prove::tenants::{TableId, Tenants};
use crate::schema::Schema;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// Notes the tables that cannot be read: foreign ones, and those with a foreign partition or child table.
///
/// They are left out of every other step, because one failed read would end the proof of all tables.
pub(in crate::prove) async fn find_unreachable(
    connection: &mut PgConnection,
    tenants: &Tenants<'_>,
    schema: &Schema,
    filled: &mut Filled,
) -> Result<(), sqlx::Error> {
    if schema.tables.iter().all(|table| table.foreign.is_none()) {
        return Ok(());
    }
    for (id, table) in tenants.tables.iter().enumerate() {
        if let Some(refusal) = try_read(connection, table.sql()).await? {
            filled.unfilled.push(Unfilled {
                table: id,
                reason: format!("it cannot be read in a throwaway database: {refusal}"),
                sql: String::new(),
            });
            filled.unreachable.insert(id);
        }
    }
    Ok(())
}

/// Postgres's words, if a table cannot be read.
async fn try_read(
    connection: &mut PgConnection,
    table: &str,
) -> Result<Option<String>, sqlx::Error> {
    let mut savepoint = connection.begin().await?;
    let sql =
        format!("SELECT pg_catalog.count(*), pg_catalog.max(t::pg_catalog.text) FROM {table} t");
    let read = sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut *savepoint)
        .await;
    savepoint.rollback().await?;
    match read {
        Ok(_) => Ok(None),
        Err(sqlx::Error::Database(error)) => Ok(Some(error.message().to_owned())),
        Err(error) => Err(error),
    }
}

impl Filled {
    /// Whether the rows of a table can be read.
    pub(in crate::prove) fn is_reachable(&self, table: TableId) -> bool {
        !self.unreachable.contains(&table)
    }
}
