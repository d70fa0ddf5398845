//! The constraints that partitions and child tables have from the tables above them.

use super::row::{oid, rows};
use crate::schema::model::CopiedConstraint;
use sqlx::{PgConnection, Row as _};

/// All copies, by the names that errors have.
pub(super) async fn copied_constraints(
    connection: &mut PgConnection,
) -> Result<Vec<CopiedConstraint>, sqlx::Error> {
    let rows = rows(connection, include_str!("copied_constraints.sql")).await?;
    let copies = rows.iter().map(|row| {
        Ok(CopiedConstraint {
            top: (oid(row, "top_table")?.0, row.try_get("top_name")?),
            relation: oid(row, "relation")?.0,
            schema: row.try_get("schema")?,
            table: row.try_get("table")?,
            name: row.try_get("name")?,
        })
    });
    copies.collect()
}
