//! Policies that run a VOLATILE function.

use super::immutable_policy::list_policies;
use crate::lint::context::Context;
use crate::lint::place::LinePrefixes;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::lint::volatility::{DeclaredFunction, Functions};
use crate::schema::model::{Policy, Table};

pub(super) const RULE: Rule = Rule {
    id: "volatile-policy",
    set: Set::General,
    promise: "no policy runs a VOLATILE function",
    why: "Postgres calls a VOLATILE function once for each row, those of other customers included: no index is used, and whatever \
          it writes, raises or measures is about rows that the policy hides.",
    bad: "
CREATE FUNCTION is_mine(organization_id text) RETURNS boolean LANGUAGE sql
    AS $$ SELECT organization_id = current_setting('app.organization_id', true) $$;
CREATE TABLE notes (organization_id text NOT NULL);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY notes_customer ON notes TO customer USING (is_mine(organization_id));",
    good: "
CREATE FUNCTION is_mine(organization_id text) RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT organization_id = current_setting('app.organization_id', true) $$;
CREATE TABLE notes (organization_id text NOT NULL);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY notes_customer ON notes TO customer USING (is_mine(organization_id));",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let functions = Functions::of(context.schema);
    let mut findings: Vec<Finding> = Vec::new();
    for (table, policy) in list_policies(context) {
        let expressions = policy.using.iter().chain(&policy.check);
        let called = expressions.flat_map(|expression| functions.called_in(expression));
        for declared in called.filter(|declared| declared.volatile) {
            let finding = describe_violation(table, policy, declared);
            // One change of the function repairs all the policies that run it.
            if findings.iter().all(|known| known.object != finding.object) {
                findings.push(finding);
            }
        }
    }
    findings
}

fn describe_violation(table: &Table, policy: &Policy, declared: &DeclaredFunction<'_>) -> Finding {
    let function = declared.function;
    let (name, policy, table) = (&function.name.sql, &policy.sql, &table.name.sql);
    Finding {
        object: function.name.annotation_key(),
        message: format!("`{name}` is VOLATILE, and policy `{policy}` of `{table}` runs it"),
        place: LinePrefixes::function(function),
        fix: FindingFix::Sql(format!("ALTER FUNCTION {name} STABLE;")),
    }
}
