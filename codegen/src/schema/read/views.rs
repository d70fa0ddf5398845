//! Views and materialized views.

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::attachments::{Attachments, take_row};
use super::conditions::as_read_back;
use super::relations::Parts;
use super::row::{name, oid, rows};
use super::unqualified::unqualified;
use crate::schema::model::{View, ViewKind};

/// Views with everything `parts` holds of them, sorted.
pub(super) async fn read(
    connection: &mut PgConnection,
    attachments: &mut Attachments,
    parts: &mut Parts,
) -> Result<Vec<View>, sqlx::Error> {
    let rows = rows(connection, include_str!("views.sql")).await?;
    let views = rows.iter().map(|row| read_view(row, attachments, parts));
    let mut views = views.collect::<Result<Vec<_>, _>>()?;
    views.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(views)
}

fn read_view(
    row: &PgRow,
    attachments: &mut Attachments,
    parts: &mut Parts,
) -> Result<View, sqlx::Error> {
    let relation = oid(row, "oid")?;
    let kind = match (row.try_get("materialized")?, row.try_get("populated")?) {
        (false, _) => ViewKind::View,
        (true, true) => ViewKind::Materialized,
        (true, false) => ViewKind::Unpopulated,
    };
    Ok(View {
        oid: relation,
        name: name(row)?,
        kind,
        query: read_query(row)?,
        columns: parts.columns.remove(&relation.0).unwrap_or_default(),
        access_method: row.try_get("access_method")?,
        options: row.try_get("options")?,
        indexes: parts.indexes.remove(&relation.0).unwrap_or_default(),
        triggers: parts.triggers.remove(&relation.0).unwrap_or_default(),
        attached: take_row(attachments, "pg_class", row)?,
    })
}

fn read_query(row: &PgRow) -> Result<String, sqlx::Error> {
    let query = as_read_back(row.try_get("query")?);
    if row.try_get("qualified")? {
        Ok(unqualified(&query))
    } else {
        Ok(query)
    }
}
