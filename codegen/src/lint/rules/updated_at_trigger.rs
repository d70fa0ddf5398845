//! Tables whose `updated_at` nothing keeps.

use crate::lint::context::{Context, of_column};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{Function, Table, Trigger};
use crate::sql::lexer::words;

pub(super) const RULE: Rule = Rule {
    id: "updated-at-trigger",
    set: Set::House,
    promise: "a trigger sets updated_at whenever a row changes",
    why: "A duty of every writer is forgotten by one of them.",
    bad: "
CREATE TABLE notes (updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE tasks (title text NOT NULL, updated_at timestamptz NOT NULL DEFAULT now());
CREATE TRIGGER titles BEFORE UPDATE ON tasks FOR EACH ROW WHEN (OLD.title <> NEW.title) EXECUTE FUNCTION updated_at();",
    good: "
CREATE TABLE notes (updated_at timestamptz NOT NULL DEFAULT now());
CREATE TRIGGER updated_at BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TABLE tasks (title text NOT NULL, updated_at timestamptz NOT NULL DEFAULT now());
CREATE TRIGGER updated_at BEFORE UPDATE ON tasks FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW)
    EXECUTE FUNCTION updated_at();",
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
    // The last one: a condition may have the words in a literal.
    let Some((event, call)) = trigger.definition.rsplit_once(" EXECUTE FUNCTION ") else {
        return false;
    };
    let Some((event, condition)) = event.split_once(" FOR EACH ROW") else {
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
        && holds_for_changes(condition);
    let calls =
        |function: &&Function| function.name.sql.split('(').next() == call.split('(').next();
    fires && before_any && functions.iter().any(calls)
}

/// Whether the condition `WHEN (…)` of a trigger holds for each row that changes.
fn holds_for_changes(condition: &str) -> bool {
    let is_sign = |word: &&str| !matches!(*word, "(" | ")" | "WHEN");
    let words = words(condition);
    let words: Vec<&str> = words.iter().map(|word| word.text).filter(is_sign).collect();
    let condition = words.join(" ").to_ascii_lowercase();
    // Either of the two rows may come first.
    condition.is_empty()
        || condition == "old . * is distinct from new . *"
        || condition == "new . * is distinct from old . *"
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
