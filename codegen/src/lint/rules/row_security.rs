//! Policies that nothing puts into force.

use crate::lint::context::{Context, of_table};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::Table;

pub(super) const RULE: Rule = Rule {
    id: "row-security",
    set: Set::General,
    promise: "row-level security is enabled and forced wherever there is a policy",
    why: "A policy does nothing while row-level security is off, and nothing against the owner unless it is forced.",
    bad: "
CREATE TABLE notes (id bigint);
CREATE POLICY low ON notes USING (id < 10);
CREATE TABLE tags (id bigint);
ALTER TABLE tags ENABLE ROW LEVEL SECURITY;
CREATE POLICY low ON tags USING (id < 10);",
    good: "
CREATE TABLE notes (id bigint);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY low ON notes USING (id < 10);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let tables = context.schema.tables.iter();
    tables
        .filter(|table| !table.policies.is_empty())
        .filter_map(describe_violation)
        .collect()
}

fn describe_violation(table: &Table) -> Option<Finding> {
    let (lacks, actions) = match (table.row_security, table.force_row_security) {
        (true, true) => return None,
        (true, false) => ("not forced", "FORCE ROW LEVEL SECURITY"),
        (false, true) => ("not enabled", "ENABLE ROW LEVEL SECURITY"),
        (false, false) => (
            "not enabled",
            "ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        ),
    };
    let name = &table.name.sql;
    let message = format!("`{name}` has policies, and row-level security is {lacks}");
    Some(of_table(
        table,
        message,
        FindingFix::Sql(format!("ALTER TABLE {name} {actions};")),
    ))
}
