//! Settings, grants and the comment of the database, default privileges, and grants on objects that no migration made.
//!
//! Each is a statement with the one that takes it back. The first are taken back before everything else of a script, and the
//! new ones come after it.

use super::attached::opposite;
use super::change::Script;
use super::objects::Objects;
use crate::schema::dump::attached::{comment, grants};
use crate::schema::dump::database::{NAME, default_grant, on_this_database, reset, setting};
use crate::schema::model::{Database, DefaultPrivileges, ForeignGrants, Grant, Schema};
use std::slice::from_ref;

/// One statement about the database, and the statement that takes it back.
#[derive(PartialEq)]
struct Statement {
    sql: String,
    undo: String,
    is_default_privilege: bool,
}

/// Takes back the statements that only the old schema has.
pub(super) fn take_back(script: &mut Script, old: &Schema, new: &Schema) {
    let (before, after) = (statements(old), statements(new));
    let is_away = default_privileges_are_away(old, new);
    for statement in &before {
        if !after.contains(statement) || is_away && statement.is_default_privilege {
            script.run(statement.undo.as_str());
        }
    }
}

/// Runs the statements that only the new schema has.
pub(super) fn grant(script: &mut Script, old: &Schema, new: &Schema) {
    let (before, after) = (statements(old), statements(new));
    let is_away = default_privileges_are_away(old, new);
    for statement in &after {
        if !before.contains(statement) || is_away && statement.is_default_privilege {
            script.run(statement.sql.as_str());
        }
    }
}

/// Default privileges would add to the explicit grants of every object that the script creates, so they are taken back while
/// it creates any.
fn default_privileges_are_away(old: &Schema, new: &Schema) -> bool {
    let (before, after) = (Objects::of(old), Objects::of(new));
    after.by_key.keys().any(|key| !before.has(key))
}

fn statements(schema: &Schema) -> Vec<Statement> {
    let mut statements = of_database(&schema.database);
    let entries = schema.default_privileges.iter();
    statements.extend(entries.flat_map(of_default_privileges));
    statements.extend(schema.foreign_grants.iter().flat_map(of_foreign_object));
    statements
}

fn of_database(database: &Database) -> Vec<Statement> {
    let here = |sql: String, undo: String| Statement {
        sql: on_this_database(from_ref(&sql)),
        undo: on_this_database(from_ref(&undo)),
        is_default_privilege: false,
    };
    let on = |grant: &Grant| grants("DATABASE", NAME, from_ref(grant));
    let settings = database.settings.iter();
    let settings = settings.map(|item| here(setting(item), reset(item)));
    let granted = database.attached.grants.iter();
    let granted = granted.map(|grant| here(on(grant), on(&opposite(grant))));
    let mut statements: Vec<Statement> = settings.chain(granted).collect();
    if database.attached.comment.is_some() {
        let none = format!("COMMENT ON DATABASE {NAME} IS NULL;\n");
        let sql = comment("DATABASE", NAME, &database.attached);
        statements.push(here(sql, none));
    }
    statements
}

fn of_default_privileges(entry: &DefaultPrivileges) -> impl Iterator<Item = Statement> {
    entry.grants.iter().map(|grant| Statement {
        sql: default_grant(entry, grant),
        undo: default_grant(entry, &opposite(grant)),
        is_default_privilege: true,
    })
}

fn of_foreign_object(object: &ForeignGrants) -> impl Iterator<Item = Statement> {
    let on = |grant: &Grant| grants(&object.kind, &object.sql, from_ref(grant));
    object.grants.iter().map(move |grant| Statement {
        sql: on(grant),
        undo: on(&opposite(grant)),
        is_default_privilege: false,
    })
}
