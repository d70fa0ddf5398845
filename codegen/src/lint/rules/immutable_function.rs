//! Functions that promise to depend on nothing but their arguments, and do.

use super::immutable_policy::{find_frozen, list_policies};
use crate::lint::context::Context;
use crate::lint::place::LinePrefixes;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::lint::volatility::{DeclaredFunction, Functions};

pub(super) const RULE: Rule = Rule {
    id: "immutable-function",
    set: Set::General,
    promise: "an IMMUTABLE function reads no setting, no table, and nothing of the session or the clock",
    why: "Postgres calls it while it plans, and keeps the result in plans, indexes and generated columns, where it is that of \
          another user or another day.",
    bad: "
CREATE TABLE rates (currency text, rate numeric);
CREATE FUNCTION rate(wanted text) RETURNS numeric LANGUAGE sql IMMUTABLE
    AS 'SELECT rate FROM rates WHERE currency = wanted';
CREATE FUNCTION whoami() RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT current_user::text';",
    good: "
CREATE TABLE rates (currency text, rate numeric);
CREATE FUNCTION rate(wanted text) RETURNS numeric LANGUAGE sql STABLE
    AS 'SELECT rate FROM rates WHERE currency = wanted';
CREATE FUNCTION whoami() RETURNS text LANGUAGE sql STABLE AS 'SELECT current_user::text';
CREATE FUNCTION doubled(number int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT number * 2';",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let functions = Functions::of(context.schema);
    let frozen: Vec<&DeclaredFunction<'_>> = list_policies(context)
        .flat_map(|(_, policy)| find_frozen(&functions, policy))
        .map(|(declared, _)| declared)
        .collect();
    let immutable = functions.iter().filter(|declared| {
        // Those of policies are found by a rule of their own.
        declared.immutable && !frozen.iter().any(|found| std::ptr::eq(*found, *declared))
    });
    immutable
        .filter_map(|declared| {
            let read = functions.read_by(declared)?;
            Some(describe_violation(context, &functions, declared, &read))
        })
        .collect()
}

fn describe_violation(
    context: &Context<'_>,
    functions: &Functions<'_>,
    declared: &DeclaredFunction<'_>,
    read: &str,
) -> Finding {
    let function = declared.function;
    let name = &function.name.sql;
    let alter = format!("ALTER FUNCTION {name} STABLE;");
    let (kept, fix) = match find_stored(context, functions, declared) {
        None => (String::new(), FindingFix::Sql(alter)),
        Some(stored) => (
            format!(", and {stored} keeps its result"),
            FindingFix::Advice(format!("drop {stored}, then {alter}")),
        ),
    };
    Finding {
        object: function.name.annotation_key(),
        message: format!("`{name}` is IMMUTABLE and reads {read}{kept}"),
        place: LinePrefixes::function(function),
        fix,
    }
}

/// The index or generated column that stores a result of the function.
fn find_stored(
    context: &Context<'_>,
    functions: &Functions<'_>,
    declared: &DeclaredFunction<'_>,
) -> Option<String> {
    let runs = |expression: &String| {
        let mut reached = functions.reached_from(expression).into_iter();
        reached.any(|reached| std::ptr::eq(reached, declared))
    };
    let mut tables = context.schema.tables.iter();
    tables.find_map(|table| {
        let mut indexes = table.indexes.iter();
        let index = indexes.find(|index| index.keys.iter().chain(&index.predicate).any(runs));
        let mut columns = table.columns.iter();
        let column = columns.find(|column| column.generated.as_ref().is_some_and(runs));
        let index = index.map(|index| format!("the index `{}`", index.name.sql));
        let column = column.map(|column| format!("the column `{}.{}`", table.name.sql, column.sql));
        index.or(column)
    })
}
