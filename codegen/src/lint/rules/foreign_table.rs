//! Foreign tables that a customer reads: Postgres has no policies for them.

use crate::lint::access::Customer;
use crate::lint::context::{Context, of_table};
use crate::lint::rule::{Finding, Fix, Rule, Set};
use crate::schema::model::Table;

pub(super) const RULE: Rule = Rule {
    id: "foreign-table",
    set: Set::General,
    promise: "a customer reads no foreign table",
    why: "Row-level security is for tables of this database alone, so whoever may read a foreign table reads the rows of every customer. \
          A function with SECURITY DEFINER that compares the owner of a row with the setting gives the customer their own.",
    bad: "
CREATE FOREIGN DATA WRAPPER elsewhere;
CREATE SERVER reports FOREIGN DATA WRAPPER elsewhere;
CREATE FOREIGN TABLE report_lines (organization_id text, line text) SERVER reports;
GRANT SELECT ON report_lines TO customer;",
    good: "
CREATE FOREIGN DATA WRAPPER elsewhere;
CREATE SERVER reports FOREIGN DATA WRAPPER elsewhere;
CREATE FOREIGN TABLE report_lines (organization_id text, line text) SERVER reports;",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let tables = context.schema.tables.iter();
    let foreign = tables.filter(|table| table.foreign.is_some());
    let read = foreign.flat_map(|table| {
        let customers = context.customers.iter();
        let readers = customers.filter(|customer| customer.reads(&table.attached, &table.columns));
        readers.map(move |customer| describe_violation(table, customer))
    });
    read.collect()
}

fn describe_violation(table: &Table, customer: &Customer) -> Finding {
    let (name, role) = (&table.name.sql, &customer.role);
    let grantees = customer.grantees(&table.attached, &table.columns);
    let grantees: Vec<&str> = grantees.into_iter().collect();
    let fix = format!("REVOKE ALL ON {name} FROM {};", grantees.join(", "));
    let message =
        format!("`{role}` reads the rows of every customer in the foreign table `{name}`");
    of_table(table, message, Fix::Sql(fix))
}
