//! Objects that are one statement each: a kind is a line of [`KINDS`] and a query.

use sqlx::{PgConnection, Row};

use super::attachments::{Attachments, take_row};
use super::conditions::as_read_back;
use super::row::{name, oid, rows};
use crate::schema::model::{Statement, StatementKind};

/// A kind with its catalog and its query.
type KindQuery = (StatementKind, &'static str, &'static str);

use StatementKind as Is;

/// All kinds.
#[rustfmt::skip]
const KINDS: &[KindQuery] = &[
    (Is::AccessMethod, "pg_am", include_str!("access_methods.sql")),
    (Is::Collation, "pg_collation", include_str!("collations.sql")),
    (Is::Conversion, "pg_conversion", include_str!("conversions.sql")),
    (Is::ShellType, "pg_type", include_str!("shell_types.sql")),
    (Is::RangeType, "pg_type", include_str!("ranges.sql")),
    (Is::Aggregate, "pg_proc", include_str!("aggregates.sql")),
    (Is::Operator, "pg_operator", include_str!("operators.sql")),
    (Is::OperatorFamily, "pg_opfamily", include_str!("operator_families.sql")),
    (Is::OperatorClass, "pg_opclass", include_str!("operator_classes.sql")),
    (Is::Cast, "pg_cast", include_str!("casts.sql")),
    (Is::Transform, "pg_transform", include_str!("transforms.sql")),
    (Is::TextSearchParser, "pg_ts_parser", include_str!("text_search_parsers.sql")),
    (Is::TextSearchTemplate, "pg_ts_template", include_str!("text_search_templates.sql")),
    (Is::TextSearchDictionary, "pg_ts_dict", include_str!("text_search_dictionaries.sql")),
    (Is::TextSearchConfiguration, "pg_ts_config", include_str!("text_search_configurations.sql")),
    (Is::ForeignDataWrapper, "pg_foreign_data_wrapper", include_str!("foreign_data_wrappers.sql")),
    (Is::Server, "pg_foreign_server", include_str!("servers.sql")),
    (Is::UserMapping, "pg_user_mapping", include_str!("user_mappings.sql")),
    (Is::Statistics, "pg_statistic_ext", include_str!("statistics.sql")),
    (Is::Rule, "pg_rewrite", include_str!("rules.sql")),
    (Is::Publication, "pg_publication", include_str!("publications.sql")),
    (Is::EventTrigger, "pg_event_trigger", include_str!("event_triggers.sql")),
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
                definition: as_read_back(row.try_get("definition")?),
                alteration: row.try_get("alteration")?,
                attached: take_row(attachments, class, &row)?,
            });
        }
    }
    statements.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    Ok(statements)
}
