//! Settings, grants and the comment of the database, default privileges, and grants on objects that no migration made.
//!
//! Each is a statement with the one that takes it back. The first are taken back before everything else of a script, and the
//! new ones come after it.

use super::attached::reverse_grant;
use super::comparison::Comparison;
use super::graph::GraphItem;
use super::operation::{DatabaseFact, Operation, Rank};
use super::plan::Plan;
use crate::schema::dump::attached::{comment, grants};
use crate::schema::dump::database::{NAME, default_grant, on_this_database, reset, setting};
use crate::schema::model::{Database, DefaultPrivileges, ForeignGrants, Grant, ObjectId, Schema};
use std::collections::BTreeSet;
use std::slice::from_ref;

/// One statement about the database, and the statement that takes it back.
#[derive(PartialEq)]
struct ReversibleStatement {
    sql: String,
    undo: String,
    is_default_privilege: bool,
}

/// Takes back the statements that only the old schema has.
pub(super) fn revoke_privileges(plan: &mut Plan, comparison: &Comparison<'_>) {
    let (before, after) = compare_statements(comparison);
    let is_away = default_privileges_are_away(comparison);
    for statement in &before {
        if !after.contains(statement) || is_away && statement.is_default_privilege {
            plan.run(Rank::Revoke, statement.undo.as_str());
        }
    }
}

/// Runs the statements that only the new schema has.
pub(super) fn grant_privileges(plan: &mut Plan, comparison: &Comparison<'_>) {
    let (before, after) = compare_statements(comparison);
    let is_away = default_privileges_are_away(comparison);
    for statement in &after {
        if !before.contains(statement) || is_away && statement.is_default_privilege {
            let mut grant = Operation::new(Rank::Grant, statement.sql.as_str());
            if statement.is_default_privilege {
                // Stated, because the rank alone would let it run while a circle of other statements still waits.
                grant = grant.needs(list_created(comparison).map(DatabaseFact::Ready));
            }
            plan.add(grant);
        }
    }
}

/// The objects that the script creates.
fn list_created(comparison: &Comparison<'_>) -> impl Iterator<Item = ObjectId> {
    let items = comparison.after.items.iter();
    let objects = items.filter(|(_, item)| matches!(item, GraphItem::Object(_)));
    let created = objects.filter(|(id, _)| comparison.comes(id));
    created.map(|(id, _)| id.clone())
}

/// Default privileges would add to the explicit grants of every object that the script creates, so they are taken back while
/// it creates any.
fn default_privileges_are_away(comparison: &Comparison<'_>) -> bool {
    list_created(comparison).next().is_some() || creates_identity(comparison)
}

/// Whether a column becomes an identity column, which creates a sequence.
fn creates_identity(comparison: &Comparison<'_>) -> bool {
    let old: BTreeSet<&str> = list_identities(comparison.old).collect();
    list_identities(comparison.new).any(|sequence| !old.contains(sequence))
}

/// The sequences of identity columns, as SQL.
fn list_identities(schema: &Schema) -> impl Iterator<Item = &str> {
    let columns = schema.tables.iter().flat_map(|table| &table.columns);
    let identities = columns.filter_map(|column| column.identity.as_ref());
    identities.map(|identity| identity.sequence_sql.as_str())
}

fn compare_statements(
    comparison: &Comparison<'_>,
) -> (Vec<ReversibleStatement>, Vec<ReversibleStatement>) {
    (
        privilege_statements(comparison.old),
        privilege_statements(comparison.new),
    )
}

fn privilege_statements(schema: &Schema) -> Vec<ReversibleStatement> {
    let mut statements = database_statements(&schema.database);
    let entries = schema.default_privileges.iter();
    statements.extend(entries.flat_map(default_privilege_statements));
    statements.extend(
        schema
            .foreign_grants
            .iter()
            .flat_map(foreign_object_statements),
    );
    statements
}

fn database_statements(database: &Database) -> Vec<ReversibleStatement> {
    let here = |sql: String, undo: String| ReversibleStatement {
        sql: on_this_database(from_ref(&sql)),
        undo: on_this_database(from_ref(&undo)),
        is_default_privilege: false,
    };
    let on = |grant: &Grant| grants("DATABASE", NAME, from_ref(grant));
    let settings = database.settings.iter();
    let settings = settings.map(|item| here(setting(item), reset(item)));
    let granted = database.attached.grants.iter();
    let granted = granted.map(|grant| here(on(grant), on(&reverse_grant(grant))));
    let mut statements: Vec<ReversibleStatement> = settings.chain(granted).collect();
    if database.attached.comment.is_some() {
        let none = format!("COMMENT ON DATABASE {NAME} IS NULL;\n");
        let sql = comment("DATABASE", NAME, &database.attached);
        statements.push(here(sql, none));
    }
    statements
}

fn default_privilege_statements(
    entry: &DefaultPrivileges,
) -> impl Iterator<Item = ReversibleStatement> {
    entry.grants.iter().map(|grant| ReversibleStatement {
        sql: default_grant(entry, grant),
        undo: default_grant(entry, &reverse_grant(grant)),
        is_default_privilege: true,
    })
}

fn foreign_object_statements(object: &ForeignGrants) -> impl Iterator<Item = ReversibleStatement> {
    let on = |grant: &Grant| grants(&object.kind, &object.sql, from_ref(grant));
    object.grants.iter().map(move |grant| ReversibleStatement {
        sql: on(grant),
        undo: on(&reverse_grant(grant)),
        is_default_privilege: false,
    })
}
