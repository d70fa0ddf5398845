//! Columns that hold a time of day and date, but not a moment.

use crate::lint::context::{Context, of_column};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};

pub(super) const RULE: Rule = Rule {
    id: "timestamptz",
    set: Set::General,
    promise: "a moment is a timestamptz, not a timestamp",
    why: "A timestamp without time zone means another moment to everybody who reads it.",
    bad: "CREATE TABLE notes (read_at timestamp);",
    good: "CREATE TABLE notes (read_at timestamptz);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let columns = context.columns().filter(|(_, column)| {
        let data_type = &column.data_type;
        data_type.starts_with("timestamp") && data_type.ends_with(" without time zone")
    });
    let findings = columns.map(|(table, column)| {
        let (name, sql) = (&table.name.sql, &column.sql);
        let message = format!("`{name}.{}` is a timestamp without time zone", column.name);
        let fix = format!(
            "ALTER TABLE {name} ALTER COLUMN {sql} TYPE timestamptz USING {sql} AT TIME ZONE 'UTC';"
        );
        of_column(table, column, message, FindingFix::Sql(fix))
    });
    findings.collect()
}
