//! Tables that a customer reads with no policy in between.

use super::organization_policy::own_organization;
use crate::lint::access::Customer;
use crate::lint::context::{Context, of_table};
use crate::lint::place::LinePrefixes;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::Table;
use crate::sql::identifier::write_identifier;

pub(super) const RULE: Rule = Rule {
    id: "customer-policy",
    set: Set::General,
    promise: "whatever table a customer's role can read has a policy that says which rows",
    why: "Without row-level security a granted table is open to every customer as a whole. Enum tables are \
          left out: they are the same for all.",
    bad: "
CREATE TABLE notes (organization_id text NOT NULL);
GRANT SELECT ON notes TO customer;
CREATE TABLE \"v1.tasks\" (organization_id text NOT NULL);
GRANT SELECT ON \"v1.tasks\" TO customer;
CREATE TABLE invoices (id bigint);
GRANT SELECT (id) ON invoices TO PUBLIC;",
    good: "
CREATE TABLE notes (organization_id text NOT NULL);
GRANT SELECT ON notes TO customer;
ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY notes_customer ON notes TO customer
    USING (organization_id = (SELECT current_organization_id()));
CREATE TABLE invoices (id bigint);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let customers = context.customers.iter();
    customers
        .flat_map(|customer| open_to(context, customer))
        .collect()
}

fn open_to(context: &Context<'_>, customer: &Customer) -> Vec<Finding> {
    let role = &customer.role;
    let mut findings = Vec::new();
    if customer.bypasses {
        findings.push(Finding {
            object: role.clone(),
            message: format!("`{role}` bypasses row-level security"),
            place: LinePrefixes::block([format!("    CREATE ROLE {role} ")]),
            fix: FindingFix::Sql(format!("ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS;")),
        });
    }
    // Partitions are read past the policies of their table when they are granted themselves.
    let tables = context
        .schema
        .tables
        .iter()
        .filter(|table| !table.is_enum());
    let open = tables.filter(|table| {
        customer.reads(&table.attached, &table.columns) && !is_kept(table, customer)
    });
    findings.extend(open.map(|table| describe_violation(context, table, customer)));
    findings
}

fn is_kept(table: &Table, customer: &Customer) -> bool {
    let reads = |command: &str| command == "ALL" || command == "SELECT";
    let mut policies = table.policies.iter();
    // Policies do nothing while row-level security is off.
    table.row_security && policies.any(|policy| reads(&policy.command) && customer.is_under(policy))
}

fn describe_violation(context: &Context<'_>, table: &Table, customer: &Customer) -> Finding {
    let (name, role) = (&table.name.sql, &customer.role);
    let message = format!("`{role}` may read `{name}`, and no policy says which rows");
    let fix = if table.column("organization_id").is_some() {
        let policy = write_identifier(&format!("{}_customer", table.name.name));
        format!(
            "ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n\
             CREATE POLICY {policy} ON {name} TO {role} USING ({});",
            own_organization(context)
        )
    } else {
        let grantees = customer.grantees(&table.attached, &table.columns);
        let grantees: Vec<&str> = grantees.into_iter().collect();
        format!("REVOKE ALL ON {name} FROM {};", grantees.join(", "))
    };
    of_table(table, message, FindingFix::Sql(fix))
}
