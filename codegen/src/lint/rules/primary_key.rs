//! Tables without a primary key.

use super::prefixes::{free_prefix, key_column};
use crate::lint::context::{Context, of_table};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::Table;

pub(super) const RULE: Rule = Rule {
    id: "primary-key",
    set: Set::General,
    promise: "every table has a primary key",
    why: "Without one a row cannot be named: not by a foreign key, not by an update, not by replication.",
    bad: "CREATE TABLE notes (body text NOT NULL);",
    good: "CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let keyless = context
        .tables()
        .filter(|table| table.primary_key().is_none());
    let finding = |table: &Table| {
        let message = format!("`{}` has no primary key", table.name.sql);
        of_table(table, message, FindingFix::Sql(write_fix(context, table)))
    };
    keyless.map(finding).collect()
}

fn write_fix(context: &Context<'_>, table: &Table) -> String {
    let name = &table.name.sql;
    let key = if table.is_enum() { "value" } else { "id" };
    match table.column(key) {
        Some(column) => format!("ALTER TABLE {name} ADD PRIMARY KEY ({});", column.sql),
        None if table.is_enum() => format!("ALTER TABLE {name} ADD COLUMN value text PRIMARY KEY;"),
        None => {
            let column = key_column(&free_prefix(context, table));
            format!("ALTER TABLE {name} ADD COLUMN {column};")
        }
    }
}
