//! COPY into a table whose policies restrict the role: Postgres refuses that, whatever the policies say.

use crate::query::Command;
use crate::query::analysis::Typed;
use sqlx::postgres::types::Oid;
use sqlx::{PgConnection, Row as _};

/// Postgres's words for it.
pub(super) const REFUSAL: &str = "COPY FROM not supported with row-level security";

/// The places of the queries that the current role may not run, for they copy into such a table.
pub(super) async fn find_refused_copies(
    connection: &mut PgConnection,
    queries: &[Typed],
) -> Result<Vec<usize>, sqlx::Error> {
    let copies = queries.iter().enumerate();
    let (places, targets): (Vec<usize>, Vec<Oid>) = copies
        .filter(|(_, typed)| typed.query.command == Command::Copy)
        .filter_map(|(place, typed)| Some((place, find_target(typed)?)))
        .unzip();
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query(
        "SELECT pg_catalog.row_security_active(t.oid) AS active
         FROM pg_catalog.unnest($1::pg_catalog.oid[]) WITH ORDINALITY t(oid, place) ORDER BY t.place",
    )
    .bind(targets)
    .fetch_all(connection)
    .await?;
    let mut refused = Vec::new();
    for (place, row) in places.into_iter().zip(rows) {
        if row.try_get("active")? {
            refused.push(place);
        }
    }
    Ok(refused)
}

/// The table that a query inserts into.
fn find_target(typed: &Typed) -> Option<Oid> {
    let needs = &typed.tables.as_ref()?.privileges;
    let insert = needs.iter().find(|need| need.kind == "INSERT")?;
    Some(Oid(insert.relation))
}
