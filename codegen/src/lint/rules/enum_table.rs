//! Tables that are enums, and are not as enums are.

use crate::lint::access::Customer;
use crate::lint::context::{Context, of_column, of_table};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::Table;

pub(super) const RULE: Rule = Rule {
    id: "enum-table",
    set: Set::House,
    promise: "a table whose name ends in _enum has the key value TEXT, rows, and is read by all and written by none",
    why: "Its rows are part of the schema: they stand in schema.sql and become a Rust enum. So migrations fill it, \
          every scope may look values up, and none may add any.",
    bad: "
CREATE TABLE colour_enum (value varchar(20) PRIMARY KEY);
INSERT INTO colour_enum VALUES ('red');
GRANT INSERT ON colour_enum TO customer;",
    good: "
CREATE TABLE colour_enum (value text PRIMARY KEY);
INSERT INTO colour_enum VALUES ('red');
GRANT SELECT ON colour_enum TO PUBLIC;",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let tables = context.tables().filter(|table| table.is_enum());
    tables
        .flat_map(|table| find_wrong_columns(context, table))
        .collect()
}

fn find_wrong_columns(context: &Context<'_>, table: &Table) -> Vec<Finding> {
    let mut findings: Vec<Finding> = check_key(table).into_iter().collect();
    let name = &table.name.sql;
    if table.rows.is_empty() {
        let message = format!("`{name}` has no rows, so it would be an enum without values");
        let advice =
            format!("INSERT INTO {name} (value) VALUES ('…'); in the migration that makes it");
        findings.push(of_table(table, message, FindingFix::Advice(advice)));
    }
    let rights = context.customers.iter();
    findings.extend(rights.flat_map(|customer| check_access(table, customer)));
    findings
}

fn check_key(table: &Table) -> Option<Finding> {
    let name = &table.name.sql;
    let Some(value) = table.column("value") else {
        let message = format!("`{name}` has no column `value`");
        let advice = format!("ALTER TABLE {name} RENAME COLUMN … TO value;");
        return Some(of_table(table, message, FindingFix::Advice(advice)));
    };
    if value.data_type != "text" {
        let message = format!("`{name}.value` is {}", value.data_type);
        let fix = format!("ALTER TABLE {name} ALTER COLUMN value TYPE text;");
        return Some(of_column(table, value, message, FindingFix::Sql(fix)));
    }
    let key = table.primary_key();
    if key.is_some_and(|key| key.columns.len() == 1 && key.columns[0].0 == value.number.0) {
        return None;
    }
    let drop = key.map(|key| format!("ALTER TABLE {name} DROP CONSTRAINT {};\n", key.sql));
    let fix = format!(
        "{}ALTER TABLE {name} ADD PRIMARY KEY (value);",
        drop.unwrap_or_default()
    );
    let message = format!("`value` is not the primary key of `{name}`");
    Some(of_column(table, value, message, FindingFix::Sql(fix)))
}

fn check_access(table: &Table, customer: &Customer) -> Vec<Finding> {
    let (name, role) = (&table.name.sql, &customer.role);
    let mut findings = Vec::new();
    if !customer.reads(&table.attached, &table.columns) {
        let message = format!("`{role}` may not read `{name}`");
        let fix = format!("GRANT SELECT ON {name} TO PUBLIC;");
        findings.push(of_table(table, message, FindingFix::Sql(fix)));
    }
    if customer.writes(&table.attached, &table.columns) {
        let message = format!("`{role}` may write `{name}`");
        let fix = format!("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {name} FROM {role}, PUBLIC;");
        findings.push(of_table(table, message, FindingFix::Sql(fix)));
    }
    findings
}
