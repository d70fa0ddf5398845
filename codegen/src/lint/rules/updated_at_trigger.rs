//! Tables whose `updated_at` nothing keeps.

use crate::lint::context::{Context, of_column};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{Function, Table, Trigger};

pub(super) const RULE: Rule = Rule {
    id: "updated-at-trigger",
    set: Set::House,
    promise: "a trigger sets updated_at whenever a row changes",
    why: "A duty of every writer is forgotten by one of them.",
    bad: "
CREATE TABLE notes (updated_at timestamptz NOT NULL DEFAULT now());",
    good: "
CREATE TABLE notes (updated_at timestamptz NOT NULL DEFAULT now());
CREATE TRIGGER updated_at BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION updated_at();",
    check: find_violations,
};

/// The function to make where there is none.
const FUNCTION: &str = "CREATE FUNCTION updated_at() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;\n";

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let functions = context.schema.functions.iter();
    let functions: Vec<&Function> = functions
        .filter(|function| sets_updated_at(function))
        .collect();
    let finding = |table: &Table| {
        let column = table.column("updated_at")?;
        if table
            .triggers
            .iter()
            .any(|trigger| keeps_time(trigger, &functions))
        {
            return None;
        }
        let message = format!(
            "no trigger sets `{}.updated_at` when a row changes",
            table.name.sql
        );
        Some(of_column(
            table,
            column,
            message,
            FindingFix::Sql(write_fix(table, &functions)),
        ))
    };
    context.entities().filter_map(finding).collect()
}

fn sets_updated_at(function: &Function) -> bool {
    let body = function.definition.to_ascii_lowercase();
    body.contains("returns trigger") && body.contains("new.updated_at")
}

/// Whether the trigger fires before every change of a row, and runs one of the functions.
fn keeps_time(trigger: &Trigger, functions: &[&Function]) -> bool {
    let Some((event, call)) = trigger.definition.split_once(" EXECUTE FUNCTION ") else {
        return false;
    };
    // A trigger that is disabled, or is for replicas only, does not fire when the program writes.
    let fires = trigger
        .state
        .as_deref()
        .is_none_or(|state| state == "ENABLE ALWAYS");
    // `UPDATE OF column` fires for some changes only.
    let before_any = event.contains(" BEFORE ")
        && (event.contains(" UPDATE ON ") || event.contains(" UPDATE OR "))
        && event.contains(" FOR EACH ROW");
    let calls =
        |function: &&Function| function.name.sql.split('(').next() == call.split('(').next();
    fires && before_any && functions.iter().any(calls)
}

fn write_fix(table: &Table, functions: &[&Function]) -> String {
    let name = &table.name.sql;
    let (create, function) = match functions.first() {
        Some(function) => ("", function.name.sql.as_str()),
        None => (FUNCTION, "updated_at()"),
    };
    format!(
        "{create}CREATE TRIGGER updated_at BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION {function};"
    )
}
