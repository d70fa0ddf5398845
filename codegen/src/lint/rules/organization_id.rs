//! `organization_id` that may be missing, or outlive its organization.

use crate::lint::context::{Context, of_column};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{Column, Constraint, Table};

pub(super) const RULE: Rule = Rule {
    id: "organization-id",
    set: Set::House,
    promise: "organization_id is NOT NULL and leaves with its organization",
    why: "A row without an organization has no owner, and an organization that leaves takes its data along.",
    bad: "
CREATE TABLE organizations (id text PRIMARY KEY);
CREATE TABLE notes (organization_id text REFERENCES organizations);",
    good: "
CREATE TABLE organizations (id text PRIMARY KEY);
CREATE TABLE notes (organization_id text NOT NULL REFERENCES organizations ON DELETE CASCADE);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let Some(organizations) = context.organizations() else {
        return Vec::new();
    };
    let columns = context
        .columns()
        .filter(|(_, column)| column.name == "organization_id");
    columns
        .filter_map(|(table, column)| describe_violation(table, column, organizations))
        .collect()
}

fn describe_violation(table: &Table, column: &Column, organizations: &Table) -> Option<Finding> {
    let name = &table.name.sql;
    let mut wrong = Vec::new();
    let mut fixes = Vec::new();
    if !column.not_null {
        wrong.push("may be NULL");
        fixes.push(format!(
            "ALTER TABLE {name} ALTER COLUMN organization_id SET NOT NULL;"
        ));
    }
    let key = table
        .foreign_keys()
        .find(|key| is_to(key, column, organizations));
    if !key.is_some_and(|key| key.definition.contains(" ON DELETE CASCADE")) {
        wrong.push("does not leave with its organization");
        let drop = key.map(|key| format!("ALTER TABLE {name} DROP CONSTRAINT {};", key.sql));
        fixes.extend(drop);
        fixes.push(format!(
            "ALTER TABLE {name} ADD FOREIGN KEY (organization_id) REFERENCES {} (id) ON DELETE CASCADE;",
            organizations.name.sql
        ));
    }
    let message = format!("`{name}.organization_id` {}", wrong.join(" and "));
    (!wrong.is_empty())
        .then(|| of_column(table, column, message, FindingFix::Sql(fixes.join("\n"))))
}

/// Whether the key is of this column alone, to the organizations.
fn is_to(key: &Constraint, column: &Column, organizations: &Table) -> bool {
    let target = key.references.as_ref().map(|target| target.table_oid.0);
    key.columns.len() == 1
        && key.columns[0].0 == column.number.0
        && target == Some(organizations.oid.0)
}
