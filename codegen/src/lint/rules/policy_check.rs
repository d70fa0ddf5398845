//! Policies that let a row be moved out of the column that they compare.

use crate::lint::access::Customer;
use crate::lint::context::Context;
use crate::lint::place::LinePrefixes;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{Column, Policy, Table};
use crate::sql::lexer::words;

pub(super) const RULE: Rule = Rule {
    id: "policy-check",
    set: Set::General,
    promise: "a policy checks the columns of new rows that it compares in old ones, if a customer may update them",
    why: "USING decides about the row before an UPDATE, WITH CHECK about the row after it. A WITH CHECK that leaves out a column \
          of USING lets a customer move a row to another customer.",
    bad: "
CREATE TABLE notes (id bigint PRIMARY KEY, organization_id text NOT NULL, body text NOT NULL);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON notes TO customer
    USING (organization_id = (SELECT current_organization_id())) WITH CHECK (body <> '');
GRANT SELECT, UPDATE ON notes TO customer;
CREATE TABLE tasks (id bigint PRIMARY KEY, organization_id text NOT NULL, body text NOT NULL);
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everyone ON tasks TO customer USING (true);
CREATE POLICY own ON tasks AS RESTRICTIVE TO customer
    USING (organization_id = (SELECT current_organization_id())) WITH CHECK (body <> '');
GRANT SELECT, UPDATE ON tasks TO customer;",
    good: "
CREATE TABLE notes (id bigint PRIMARY KEY, organization_id text NOT NULL, body text NOT NULL);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON notes TO customer
    USING (organization_id = (SELECT current_organization_id()))
    WITH CHECK (organization_id = (SELECT current_organization_id()) AND body <> '');
GRANT SELECT, UPDATE ON notes TO customer;
CREATE TABLE tasks (id bigint PRIMARY KEY, organization_id text NOT NULL, body text NOT NULL);
ALTER TABLE tasks ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON tasks TO customer USING (organization_id = (SELECT current_organization_id()));
CREATE POLICY written ON tasks AS RESTRICTIVE TO customer USING (organization_id <> '') WITH CHECK (body <> '');
GRANT SELECT, UPDATE ON tasks TO customer;",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for customer in &context.customers {
        for (table, policy) in super::immutable_policy::list_policies(context) {
            if !customer.is_under(policy) {
                continue;
            }
            let unchecked = find_unchecked(table, policy).into_iter();
            let mut open = unchecked.filter(|column| {
                customer.updates(table, column) && !is_checked_by_others(customer, table, column)
            });
            if let Some(column) = open.next() {
                findings.push(describe_violation(table, policy, column, &customer.role));
            }
        }
    }
    findings
}

/// The columns that USING names and WITH CHECK does not. Without WITH CHECK, Postgres checks the new row by USING.
fn find_unchecked<'t>(table: &'t Table, policy: &Policy) -> Vec<&'t Column> {
    let (Some(using), Some(check)) = (&policy.using, &policy.check) else {
        return Vec::new();
    };
    if !is_for_update(policy) {
        return Vec::new();
    }
    let columns = table.columns.iter();
    columns
        .filter(|column| names(using, column) && !names(check, column))
        .collect()
}

fn is_for_update(policy: &Policy) -> bool {
    matches!(policy.command.as_str(), "ALL" | "UPDATE")
}

fn names(expression: &str, column: &Column) -> bool {
    let words = words(expression);
    words
        .iter()
        .any(|word| word.name().as_deref() == Some(column.name.as_str()))
}

/// Whether other policies check the column in each new row: a restrictive one, or all that permit the update, one of which
/// is enough (CREATE POLICY, PERMISSIVE).
fn is_checked_by_others(customer: &Customer, table: &Table, column: &Column) -> bool {
    let policies = table.policies.iter();
    let policies = policies.filter(|policy| is_for_update(policy) && customer.is_under(policy));
    let checks = |policy: &&Policy| {
        let check = policy.check.as_ref().or(policy.using.as_ref());
        check.is_some_and(|check| names(check, column))
    };
    let (restrictive, permissive): (Vec<&Policy>, Vec<&Policy>) =
        policies.partition(|policy| policy.restrictive);
    restrictive.iter().any(checks) || permissive.iter().all(checks)
}

fn describe_violation(table: &Table, policy: &Policy, column: &Column, role: &str) -> Finding {
    let (name, policy_name, column) = (&table.name.sql, &policy.sql, &column.sql);
    let using = policy.using.as_deref().unwrap_or("true");
    let check = policy.check.as_deref().unwrap_or("true");
    let both = if check == "true" {
        using.to_owned()
    } else {
        format!("({using}) AND ({check})")
    };
    Finding {
        object: format!("{}.{}", table.name.annotation_key(), policy.name),
        message: format!(
            "`{role}` may update `{name}.{column}`, which policy `{policy_name}` compares in USING and not in WITH CHECK"
        ),
        place: LinePrefixes::table(table).line(format!("CREATE POLICY {policy_name} ON {name} ")),
        fix: FindingFix::Sql(format!(
            "ALTER POLICY {policy_name} ON {name} WITH CHECK ({both});"
        )),
    }
}
