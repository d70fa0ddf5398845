//! Objects that are one statement each.

use super::attached::attached;
use super::quote::clause;
use crate::schema::model::{Schema, Statement, StatementKind};

/// The object with what belongs to it beneath.
pub(super) fn statement(statement: &Statement) -> String {
    let name = match statement.kind {
        StatementKind::Aggregate => statement.name.sql.replace("()", "(*)"),
        _ => statement.name.sql.clone(),
    };
    let alteration = clause(
        "",
        statement
            .alteration
            .as_ref()
            .map(|sql| format!("{sql};\n"))
            .as_deref(),
    );
    format!("{};\n{alteration}", statement.definition)
        + &attached(word(statement.kind), &name, &statement.attached)
}

/// Event triggers, which stand last: they would fire for whatever came after them.
pub(super) fn event_triggers(schema: &Schema) -> Vec<String> {
    let triggers = schema
        .statements
        .iter()
        .filter(|statement| statement.kind == StatementKind::EventTrigger);
    triggers.map(statement).collect()
}

pub(in crate::schema) fn word(kind: StatementKind) -> &'static str {
    match kind {
        StatementKind::Collation => "COLLATION",
        StatementKind::RangeType => "TYPE",
        StatementKind::Aggregate => "AGGREGATE",
        StatementKind::Cast => "CAST",
        StatementKind::Statistics => "STATISTICS",
        StatementKind::Rule => "RULE",
        StatementKind::EventTrigger => "EVENT TRIGGER",
    }
}
