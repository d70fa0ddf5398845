//! Privileges that migrations changed on objects they did not create: Postgres's own and those of extensions.

use sqlx::postgres::PgRow;
use sqlx::postgres::types::Oid as SqlOid;
use sqlx::{PgConnection, Row};

use super::attachments::{Attachments, take_part};
use super::row::oid;
use crate::catalog_query::fetch_catalog_with;
use crate::schema::model::{ForeignGrants, Grant};

/// Takes the grants that no reader took, sorted by object and column.
pub(super) async fn read(
    connection: &mut PgConnection,
    attachments: &mut Attachments,
) -> Result<Vec<ForeignGrants>, sqlx::Error> {
    // The last reader: the grants that the others left are on objects that no migration created.
    let left = attachments.grants.keys();
    let classes: Vec<String> = left.clone().map(|(class, ..)| class.clone()).collect();
    let numbers: Vec<SqlOid> = left.clone().map(|(_, number, _)| SqlOid(*number)).collect();
    let parts: Vec<i32> = left.map(|(.., part)| *part).collect();
    let sql = include_str!("foreign_grants.sql");
    let rows = fetch_catalog_with(connection, sql, |query| {
        query.bind(classes).bind(numbers).bind(parts)
    });
    let rows = rows.await?;
    let grants = rows.iter().map(|row| read_object(row, attachments));
    let mut grants = grants.collect::<Result<Vec<_>, sqlx::Error>>()?;
    // The number of the column last, so that the statements follow the order of the table.
    grants.sort_by(|(part, a), (other, b)| (&a.kind, &a.sql, part).cmp(&(&b.kind, &b.sql, other)));
    Ok(grants.into_iter().map(|(_, grants)| grants).collect())
}

/// The grants on the object or column of a row, with the number of the column.
fn read_object(
    row: &PgRow,
    attachments: &mut Attachments,
) -> Result<(i32, ForeignGrants), sqlx::Error> {
    let (class, part): (String, i32) = (row.try_get("class")?, row.try_get("part")?);
    let mut attached = take_part(attachments, &class, oid(row, "oid")?, part);
    let column: Option<String> = row.try_get("column")?;
    if let Some(column) = column {
        attached
            .grants
            .iter_mut()
            .for_each(|grant| name_column(grant, &column));
    }
    let grants = ForeignGrants {
        kind: row.try_get("kind")?,
        sql: row.try_get("sql")?,
        grants: attached.grants,
    };
    Ok((part, grants))
}

/// Writes the column behind each privilege, as GRANT has it: `SELECT (rolname)`.
fn name_column(grant: &mut Grant, column: &str) {
    for privilege in &mut grant.privileges {
        *privilege = format!("{privilege} ({column})");
    }
}
