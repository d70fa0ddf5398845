//! Columns that a sequence fills, and whose numbers run out.

use crate::lint::context::{Context, of_column};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{Column, Sequence, Table};

pub(super) const RULE: Rule = Rule {
    id: "counter",
    set: Set::General,
    promise: "a column that a sequence fills is a bigint, not an integer or smallint",
    why: "An integer has no more numbers after 2147483647, which deleted rows use up too: every insert then fails, and \
          widening the column rewrites the table.",
    bad: "
CREATE TABLE notes (id serial PRIMARY KEY);
CREATE TABLE visits (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
    good: "
CREATE TABLE notes (id bigserial PRIMARY KEY);
CREATE TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let columns = context.columns();
    let counters = columns.filter(|(table, column)| is_counter(context, table, column));
    let narrow =
        counters.filter(|(_, column)| ["smallint", "integer"].contains(&column.data_type.as_str()));
    let findings = narrow.map(|(table, column)| find_narrow(context, table, column, "bigint"));
    findings.collect()
}

/// Whether a sequence fills the column.
pub(super) fn is_counter(context: &Context<'_>, table: &Table, column: &Column) -> bool {
    column.identity.is_some() || owned_sequences(context, table, column).next().is_some()
}

/// The finding of a column that is not as wide as `wide`.
pub(super) fn find_narrow(
    context: &Context<'_>,
    table: &Table,
    column: &Column,
    wide: &str,
) -> Finding {
    let message = format!(
        "`{}.{}` is {}",
        table.name.sql, column.name, column.data_type
    );
    let fix = write_fix(context, table, column, wide);
    of_column(table, column, message, FindingFix::Sql(fix))
}

fn owned_sequences<'c>(
    context: &'c Context<'_>,
    table: &'c Table,
    column: &'c Column,
) -> impl Iterator<Item = &'c Sequence> {
    context.schema.sequences.iter().filter(|sequence| {
        let owner = sequence.owned_by.as_ref();
        owner.is_some_and(|owner| owner.table == table.name.sql && owner.column == column.sql)
    })
}

/// A sequence that the column owns counts on as far as the column does; that of an identity is widened with its column.
fn write_fix(context: &Context<'_>, table: &Table, column: &Column, wide: &str) -> String {
    let (name, sql) = (&table.name.sql, &column.sql);
    let owned = owned_sequences(context, table, column);
    // A sequence has a type of its own, whose end would still stop the inserts.
    let narrow = owned.filter(|sequence| sequence.data_type != "bigint");
    let widened = narrow.map(|sequence| format!("ALTER SEQUENCE {} AS bigint;", sequence.name.sql));
    let alter = format!("ALTER TABLE {name} ALTER COLUMN {sql} TYPE {wide};");
    let statements: Vec<String> = [alter].into_iter().chain(widened).collect();
    statements.join("\n")
}
