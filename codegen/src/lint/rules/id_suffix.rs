//! Columns named as if a foreign key held them, and foreign keys named as if none did.

use crate::lint::context::{Context, of_column};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{Column, Table};

pub(super) const RULE: Rule = Rule {
    id: "id-suffix",
    set: Set::House,
    promise: "a column that ends in _id is a foreign key; an id of another system ends in _extid",
    why: "Who reads `customer_id` follows it to a table. Where there is none to follow it to, the name has to say so.",
    bad: "
CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE notes (author_id bigint, stripe_id text);",
    good: "
CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE notes (author_id bigint REFERENCES authors, stripe_extid text);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let findings = context.columns().filter_map(|(table, column)| {
        let refers = table
            .foreign_keys()
            .any(|key| key.columns.iter().any(|number| number.0 == column.number.0));
        match (
            column.name.ends_with("_id"),
            column.name.ends_with("_extid"),
            refers,
        ) {
            (true, _, false) => Some(describe_loose(context, table, column)),
            (_, true, true) => Some(describe_held(table, column)),
            _ => None,
        }
    });
    findings.collect()
}

/// `author_id` without a foreign key: one to the table it is named after, else it is of another system.
fn describe_loose(context: &Context<'_>, table: &Table, column: &Column) -> Finding {
    let name = &table.name.sql;
    let message = format!("`{name}.{}` is no foreign key", column.name);
    let fix = match find_target(context, column) {
        Some(target) => format!(
            "ALTER TABLE {name} ADD FOREIGN KEY ({}) REFERENCES {} (id);",
            column.sql, target.name.sql
        ),
        None => write_rename(table, column, "_id", "_extid"),
    };
    of_column(table, column, message, FindingFix::Sql(fix))
}

fn describe_held(table: &Table, column: &Column) -> Finding {
    let message = format!("`{}.{}` is a foreign key", table.name.sql, column.name);
    let fix = write_rename(table, column, "_extid", "_id");
    of_column(table, column, message, FindingFix::Sql(fix))
}

fn write_rename(table: &Table, column: &Column, from: &str, to: &str) -> String {
    let stem = column.name.strip_suffix(from).unwrap_or(&column.name);
    let quote = if column.sql.starts_with('"') {
        "\""
    } else {
        ""
    };
    format!(
        "ALTER TABLE {} RENAME COLUMN {} TO {quote}{stem}{to}{quote};",
        table.name.sql, column.sql
    )
}

/// The table whose key the column could hold by its name and type.
fn find_target<'a>(context: &Context<'a>, column: &Column) -> Option<&'a Table> {
    let stem = column.name.strip_suffix("_id")?;
    let plurals = [
        stem.to_owned(),
        format!("{stem}s"),
        format!("{stem}es"),
        format!("{}ies", stem.strip_suffix('y').unwrap_or("?")),
    ];
    let mut tables = context.tables();
    tables.find(|table| {
        let id = table.column("id");
        let is_key = |id: &Column| {
            let key = table
                .primary_key()
                .map(|key| table.columns_at(&key.columns));
            id.data_type == column.data_type
                && key.is_some_and(|key| key.len() == 1 && key[0].name == "id")
        };
        plurals.contains(&table.name.name) && id.is_some_and(is_key)
    })
}
