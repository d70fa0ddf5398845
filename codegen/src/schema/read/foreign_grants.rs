//! Privileges that migrations changed on objects they did not make: Postgres's own and those of extensions.

use sqlx::postgres::types::Oid as SqlOid;
use sqlx::{PgConnection, Row};

use super::attachments::{Attachments, take_part};
use super::row::oid;
use crate::catalog_query::fetch_catalog_with;
use crate::schema::model::ForeignGrants;

/// Takes the grants that no reader took, sorted by object; those on single columns are left to the guard.
pub(super) async fn read(
    connection: &mut PgConnection,
    attachments: &mut Attachments,
) -> Result<Vec<ForeignGrants>, sqlx::Error> {
    // The last reader: whatever the others left is on objects that no migration created.
    let left = attachments.grants.keys().filter(|(_, _, part)| *part == 0);
    let (classes, numbers): (Vec<String>, Vec<SqlOid>) = left
        .map(|(class, number, _)| (class.clone(), SqlOid(*number)))
        .unzip();
    let sql = include_str!("foreign_grants.sql");
    let rows =
        fetch_catalog_with(connection, sql, |query| query.bind(classes).bind(numbers)).await?;
    let grants = rows.iter().map(|row| {
        let class: String = row.try_get("class")?;
        let attached = take_part(attachments, &class, oid(row, "oid")?, 0);
        Ok(ForeignGrants {
            kind: row.try_get("kind")?,
            sql: row.try_get("sql")?,
            grants: attached.grants,
        })
    });
    let mut grants = grants.collect::<Result<Vec<_>, sqlx::Error>>()?;
    grants.sort_by(|a, b| (&a.kind, &a.sql).cmp(&(&b.kind, &b.sql)));
    Ok(grants)
}
