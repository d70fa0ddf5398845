//! Policies that do not keep organizations apart.

use crate::lint::context::Context;
use crate::lint::place::LinePrefixes;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{Policy, Table};

pub(super) const RULE: Rule = Rule {
    id: "organization-policy",
    set: Set::House,
    promise: "every policy that lets a customer in asks for the organization",
    why: "Policies widen each other: one that forgets the organization opens the table to all of them.",
    bad: "
CREATE TABLE organizations (id text PRIMARY KEY);
CREATE TABLE notes (organization_id text NOT NULL REFERENCES organizations, is_public boolean);
GRANT SELECT ON notes TO customer;
ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_all ON notes TO customer USING (is_public);",
    good: "
CREATE TABLE organizations (id text PRIMARY KEY);
CREATE TABLE notes (organization_id text NOT NULL REFERENCES organizations, is_public boolean);
GRANT SELECT ON notes TO customer;
ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_all ON notes TO customer
    USING (organization_id = (SELECT current_organization_id()) AND is_public);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    if context.organizations().is_none() {
        return Vec::new();
    }
    let tables = context.tables();
    let policies =
        tables.flat_map(|table| table.policies.iter().map(move |policy| (table, policy)));
    let lets_in = |policy: &Policy| {
        let customers = context.customers.iter();
        // A restrictive policy lets no one in: it only takes rows away.
        !policy.restrictive
            && customers
                .into_iter()
                .any(|customer| customer.is_under(policy))
    };
    let open = policies.filter(|(_, policy)| lets_in(policy) && !asks_for_organization(policy));
    open.map(|(table, policy)| describe_violation(context, table, policy))
        .collect()
}

/// Whether each of the expressions names the organization, itself or in a subquery or function.
fn asks_for_organization(policy: &Policy) -> bool {
    let mut expressions = policy.using.iter().chain(&policy.check);
    expressions.all(|expression| expression.contains("organization_id"))
}

fn describe_violation(context: &Context<'_>, table: &Table, policy: &Policy) -> Finding {
    let name = &table.name.sql;
    Finding {
        object: format!("{}.{}", table.name.annotation_key(), policy.name),
        message: format!(
            "policy `{}` of `{name}` does not ask for the organization",
            policy.name
        ),
        place: LinePrefixes::table(table)
            .line(format!("CREATE POLICY {} ", policy.sql))
            .line(format!("-- below: CREATE POLICY {} ", policy.sql)),
        fix: write_fix(context, table, policy),
    }
}

fn write_fix(context: &Context<'_>, table: &Table, policy: &Policy) -> FindingFix {
    if table.column("organization_id").is_none() {
        let advice = format!(
            "give `{}` an organization_id, or ask for it in a subquery",
            table.name.sql
        );
        return FindingFix::Advice(advice);
    }
    let mine = own_organization(context);
    let clause = |word: &str, expression: &Option<String>| {
        let expression = expression.as_ref();
        expression.map(|expression| format!(" {word} ({mine} AND ({expression}))"))
    };
    let using = clause("USING", &policy.using).unwrap_or_default();
    let check = clause("WITH CHECK", &policy.check).unwrap_or_default();
    FindingFix::Sql(format!(
        "ALTER POLICY {} ON {}{using}{check};",
        policy.sql, table.name.sql
    ))
}

/// That a row is of the customer's organization, by the project's own function if there is one.
pub(super) fn own_organization(context: &Context<'_>) -> String {
    let functions = context.schema.functions.iter();
    let mut functions = functions.map(|function| function.name.sql.as_str());
    let current = functions.find(|function| function.ends_with("current_organization_id()"));
    let settings = context
        .customers
        .iter()
        .flat_map(|customer| &customer.settings);
    let mut settings = settings.filter(|setting| setting.ends_with("organization_id"));
    let current = match (current, settings.next()) {
        (Some(function), _) => function.to_owned(),
        (None, Some(setting)) => format!("current_setting('{setting}', true)"),
        (None, None) => "current_setting('app.organization_id', true)".to_owned(),
    };
    format!("organization_id = (SELECT {current})")
}
