//! Objects that are one statement each: a kind is a line of [`KINDS`] and a query.

use sqlx::{PgConnection, Row};

use super::attachments::{Attachments, take_row};
use super::row::{name, oid, rows};
use crate::schema::model::{Statement, StatementKind};

/// Each kind with its catalog and its query.
const KINDS: &[(StatementKind, &str, &str)] = &[
    (
        StatementKind::Collation,
        "pg_collation",
        include_str!("collations.sql"),
    ),
    (
        StatementKind::RangeType,
        "pg_type",
        include_str!("ranges.sql"),
    ),
    (
        StatementKind::Aggregate,
        "pg_proc",
        include_str!("aggregates.sql"),
    ),
    (StatementKind::Cast, "pg_cast", include_str!("casts.sql")),
    (
        StatementKind::Statistics,
        "pg_statistic_ext",
        include_str!("statistics.sql"),
    ),
    (StatementKind::Rule, "pg_rewrite", include_str!("rules.sql")),
    (
        StatementKind::EventTrigger,
        "pg_event_trigger",
        include_str!("event_triggers.sql"),
    ),
];

/// All such objects, sorted by kind and name.
pub(super) async fn read(
    connection: &mut PgConnection,
    attachments: &mut Attachments,
) -> Result<Vec<Statement>, sqlx::Error> {
    let mut statements = Vec::new();
    for (kind, class, sql) in KINDS {
        for row in rows(connection, sql).await? {
            statements.push(Statement {
                oid: oid(&row, "oid")?,
                kind: *kind,
                name: name(&row)?,
                definition: row.try_get("definition")?,
                alteration: row.try_get("alteration")?,
                attached: take_row(attachments, class, &row)?,
            });
        }
    }
    statements.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    Ok(statements)
}
