//! Policies whose answer for one customer stays in the plan of the next.

use crate::lint::context::Context;
use crate::lint::place::LinePrefixes;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::lint::volatility::{DeclaredFunction, Functions};
use crate::schema::model::{Policy, Table};

pub(super) const RULE: Rule = Rule {
    id: "immutable-policy",
    set: Set::General,
    promise: "no policy runs an IMMUTABLE function that reads settings, tables or the session",
    why: "Postgres calls an IMMUTABLE function while it plans and keeps the result in the plan. A prepared statement keeps its plan \
          for the next transaction, so one customer reads the rows of another.",
    bad: "
CREATE FUNCTION tenant() RETURNS text LANGUAGE plpgsql IMMUTABLE
    AS $$ BEGIN RETURN current_setting('app.organization_id'); END $$;
CREATE FUNCTION is_own(organization_id text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT organization_id = tenant()';
CREATE TABLE notes (organization_id text NOT NULL);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY notes_customer ON notes TO customer USING (is_own(organization_id));",
    good: "
CREATE FUNCTION tenant() RETURNS text LANGUAGE plpgsql STABLE
    AS $$ BEGIN RETURN current_setting('app.organization_id'); END $$;
CREATE FUNCTION is_own(organization_id text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT organization_id = tenant()';
CREATE TABLE notes (organization_id text NOT NULL);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY notes_customer ON notes TO customer USING (is_own(organization_id));",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let functions = Functions::of(context.schema);
    let mut findings: Vec<Finding> = Vec::new();
    for (table, policy) in list_policies(context) {
        for (declared, read) in find_frozen(&functions, policy) {
            let finding = describe_violation(table, policy, declared, &read);
            // One change of the function repairs all the policies that run it.
            if findings.iter().all(|known| known.object != finding.object) {
                findings.push(finding);
            }
        }
    }
    findings
}

/// Every policy, with its table.
pub(super) fn list_policies<'a>(
    context: &Context<'a>,
) -> impl Iterator<Item = (&'a Table, &'a Policy)> {
    let tables = context.schema.tables.iter();
    tables.flat_map(|table| table.policies.iter().map(move |policy| (table, policy)))
}

/// The functions that a policy runs and whose result a plan keeps, each with the setting or table that it reads.
pub(super) fn find_frozen<'f, 'a>(
    functions: &'f Functions<'a>,
    policy: &Policy,
) -> Vec<(&'f DeclaredFunction<'a>, String)> {
    let expressions = policy.using.iter().chain(&policy.check);
    let reached = expressions.flat_map(|expression| functions.reached_from(expression));
    let immutable = reached.filter(|declared| declared.immutable);
    immutable
        .filter_map(|declared| Some((declared, functions.read_by(declared)?)))
        .collect()
}

fn describe_violation(
    table: &Table,
    policy: &Policy,
    declared: &DeclaredFunction<'_>,
    read: &str,
) -> Finding {
    let function = declared.function;
    let (name, policy, table) = (&function.name.sql, &policy.sql, &table.name.sql);
    Finding {
        object: function.name.annotation_key(),
        message: format!(
            "`{name}` is IMMUTABLE and reads {read}: a plan keeps the answer of the policy `{policy}` of `{table}` for others"
        ),
        place: LinePrefixes::function(function),
        fix: FindingFix::Sql(format!("ALTER FUNCTION {name} STABLE;")),
    }
}
