//! Indexes, triggers and policies: beneath their table, or later when they need another one.

use super::attached::write_comment;
use super::order::{DumpOrder, must_wait};
use crate::schema::model::{Index, ObjectId, Policy, Trigger};
use crate::sql::lexer::{Token, TokenKind, tokens};
use crate::sql::quote::{clause, commented, parenthesised};

/// Statements that follow all tables and views.
pub(super) struct Late {
    /// Where among their like they are.
    pub(super) step: Step,
    /// The statements.
    pub(super) sql: String,
}

/// The kinds of late statement, in an order in which the dependencies of each come first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    View,
    Storage,
    Default,
    Constraint,
    Body,
    Index,
    Trigger,
    TriggerState,
    Policy,
    Owner,
    Validator,
}

/// `sql` itself, or a comment that mirrors it when it must wait, and then it goes to `late`.
pub(super) fn now_or_later(
    sql: String,
    step: Step,
    relation: &str,
    needs: &[ObjectId],
    order: &DumpOrder<'_>,
    late: &mut Vec<Late>,
) -> String {
    if !must_wait(order, relation, needs) {
        return sql;
    }
    write_later(sql, step, late)
}

/// A comment that mirrors `sql`, which goes to `late`.
pub(super) fn write_later(sql: String, step: Step, late: &mut Vec<Late>) -> String {
    let mirror = commented("", &format!("below: {sql}"));
    late.push(Late { step, sql });
    mirror
}

/// Owner, grants and comment of a view or function: after the materialized views that execute it.
///
/// Postgres fills them with the rights of its owner (CREATE VIEW, Notes; CREATE FUNCTION, SECURITY DEFINER), which may be a
/// role that could not: it became the owner when they were filled.
pub(super) fn own_now_or_later(
    attached: String,
    id: &ObjectId,
    owner: Option<&String>,
    order: &DumpOrder<'_>,
    late: &mut Vec<Late>,
) -> String {
    if owner.is_some() && order.executed.contains(id) {
        return write_later(attached, Step::Owner, late);
    }
    attached
}

/// `CREATE INDEX` and its comment.
pub(in crate::schema) fn write_index(index: &Index) -> String {
    let name = &index.name.sql;
    let settings = index.settings.iter();
    let settings = settings.map(|setting| format!("ALTER INDEX {name} {setting};\n"));
    let settings: Vec<String> = settings.collect();
    format!("{};\n", index.definition)
        + &settings.concat()
        + &write_comment("INDEX", name, &index.attached)
}

/// `CREATE TRIGGER`, its state and comment.
pub(in crate::schema) fn write_trigger(relation: &str, trigger: &Trigger) -> String {
    let name = &trigger.sql;
    let state = trigger
        .state
        .as_ref()
        .map(|state| format!("ALTER TABLE {relation} {state} TRIGGER {name};\n"));
    format!("{};\n", trigger.definition)
        + &state.unwrap_or_default()
        + &write_comment(
            "TRIGGER",
            &format!("{name} ON {relation}"),
            &trigger.attached,
        )
}

/// Which rows: in parentheses, and a query within further in than the statement that it is part of.
fn which_rows(expression: &str) -> String {
    let indented = |token: Token| {
        let text = &expression[token.range];
        match token.kind {
            TokenKind::Space => text.replace('\n', "\n    "),
            _ => text.to_owned(),
        }
    };
    parenthesised(
        &tokens(expression)
            .into_iter()
            .map(indented)
            .collect::<String>(),
    )
}

/// `CREATE POLICY` and its comment.
pub(in crate::schema) fn write_policy(relation: &str, policy: &Policy) -> String {
    let name = &policy.sql;
    // ALL is the default, and so is PUBLIC: both are left out.
    let command = Some(policy.command.as_str()).filter(|command| *command != "ALL");
    let roles = Some(policy.roles.join(", ")).filter(|roles| !roles.is_empty());
    let create = [
        "CREATE POLICY ",
        name,
        " ON ",
        relation,
        if policy.restrictive {
            " AS RESTRICTIVE"
        } else {
            ""
        },
        &clause(" FOR ", command),
        &clause(" TO ", roles.as_deref()),
        &clause(
            "\n    USING ",
            policy.using.as_deref().map(which_rows).as_deref(),
        ),
        &clause(
            "\n    WITH CHECK ",
            policy.check.as_deref().map(which_rows).as_deref(),
        ),
        ";\n",
    ];
    create.concat() + &write_comment("POLICY", &format!("{name} ON {relation}"), &policy.attached)
}
