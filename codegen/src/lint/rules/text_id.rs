//! Keys that are not made by `generate_id`.

use super::prefixes::{free_prefix, key_column, read_prefix};
use crate::lint::context::{Context, of_column, of_table};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{Column, Constraint, Table};

pub(super) const RULE: Rule = Rule {
    id: "text-id",
    set: Set::House,
    promise: "the key of every table is text by bytes, with a prefix, made by the database",
    why: "An id with a prefix names its table wherever it turns up, and its CHECK refuses that of another \
          table. COLLATE \"C\" makes ids sort by the time they were made, on every machine.",
    bad: r"
CREATE TABLE notes (id text PRIMARY KEY, body text NOT NULL);",
    good: r#"
CREATE TABLE notes (
    id text COLLATE "C" PRIMARY KEY DEFAULT generate_id('not') CHECK (id LIKE 'not\_%'),
    body text NOT NULL
);"#,
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    context
        .entities()
        .filter_map(|table| describe_violation(context, table))
        .collect()
}

fn describe_violation(context: &Context<'_>, table: &Table) -> Option<Finding> {
    let name = &table.name.sql;
    let key = table.columns_at(&table.primary_key()?.columns);
    let [column] = key.as_slice() else {
        let message = format!("the key of `{name}` is several columns");
        let key =
            key_column(&free_prefix(context, table)).replace(" PRIMARY KEY", " NOT NULL UNIQUE");
        return Some(of_table(
            table,
            message,
            FindingFix::Advice(format!(
                "give it an id and keep the columns unique: ALTER TABLE {name} ADD COLUMN {key};"
            )),
        ));
    };
    let wrong = list_faults(table, column);
    if wrong.is_empty() {
        return None;
    }
    let message = format!(
        "`{}`, the key of `{name}`, {}",
        column.name,
        wrong.join(", ")
    );
    Some(of_column(
        table,
        column,
        message,
        FindingFix::Sql(write_fix(context, table, column)),
    ))
}

/// The fault of a key, in words that follow its name.
fn list_faults(table: &Table, column: &Column) -> Vec<&'static str> {
    let prefix = read_prefix(column);
    [
        (column.name != "id", "is not called `id`"),
        (column.data_type != "text", "is not text"),
        (!is_by_bytes(column), "has no COLLATE \"C\""),
        (prefix.is_none(), "has no default generate_id('prefix')"),
        (
            !prefix.is_some_and(|prefix| is_checked(table, column, prefix)),
            "has no CHECK of its prefix",
        ),
    ]
    .into_iter()
    .filter_map(|(is_wrong, words)| is_wrong.then_some(words))
    .collect()
}

fn is_by_bytes(column: &Column) -> bool {
    column.collation.as_deref() == Some("\"C\"")
}

fn is_checked(table: &Table, column: &Column, prefix: &str) -> bool {
    let check = format!("CHECK ({} ~~ '{prefix}\\_%'::text)", column.sql);
    table
        .constraints
        .iter()
        .any(|constraint| constraint.definition == check)
}

/// The statements that make it so; foreign keys to the column are taken off and put on again.
fn write_fix(context: &Context<'_>, table: &Table, column: &Column) -> String {
    let alter = format!("ALTER TABLE {} ALTER COLUMN {}", table.name.sql, column.sql);
    let taken = read_prefix(column).map(str::to_owned);
    let prefix = taken.unwrap_or_else(|| free_prefix(context, table));
    let mut sql = Vec::new();
    // Postgres wants a whole number for an identity column, and a default that has the new type.
    if column.identity.is_some() {
        sql.push(format!("{alter} DROP IDENTITY;"));
    } else if column.data_type != "text" && column.default.is_some() {
        sql.push(format!("{alter} DROP DEFAULT;"));
    }
    if column.data_type != "text" || !is_by_bytes(column) {
        sql.extend(write_retype(context, table, column, &prefix));
    }
    sql.push(format!("{alter} SET DEFAULT generate_id('{prefix}');"));
    if !is_checked(table, column, &prefix) {
        let check = format!("CHECK ({} LIKE '{prefix}\\_%')", column.sql);
        sql.push(format!("ALTER TABLE {} ADD {check};", table.name.sql));
    }
    if column.name != "id" {
        let rename = format!("RENAME COLUMN {} TO id", column.sql);
        sql.push(format!("ALTER TABLE {} {rename};", table.name.sql));
    }
    sql.join("\n")
}

/// Makes text of the key and of the columns that refer to it.
fn write_retype(
    context: &Context<'_>,
    table: &Table,
    column: &Column,
    prefix: &str,
) -> Vec<String> {
    let retyped = |table: &Table, column: &Column| {
        let using = if column.data_type == "text" {
            String::new()
        } else {
            format!(" USING '{prefix}_' || {}", column.sql)
        };
        let alter = format!("ALTER TABLE {} ALTER COLUMN {}", table.name.sql, column.sql);
        format!("{alter} TYPE text COLLATE \"C\"{using};")
    };
    let mut off = Vec::new();
    let mut on = vec![retyped(table, column)];
    for (other, key) in list_references(context, table) {
        let alter = format!("ALTER TABLE {}", other.name.sql);
        // Both sides of the key change type, one after the other, and in between they could not be
        // compared.
        off.push(format!("{alter} DROP CONSTRAINT {};", key.sql));
        let columns = other.columns_at(&key.columns);
        on.extend(columns.into_iter().map(|column| retyped(other, column)));
        on.push(format!(
            "{alter} ADD CONSTRAINT {} {};",
            key.sql, key.definition
        ));
    }
    off.extend(on);
    off
}

/// The foreign keys of one column to the table.
fn list_references<'a>(
    context: &Context<'a>,
    table: &'a Table,
) -> impl Iterator<Item = (&'a Table, &'a Constraint)> {
    let keys = context
        .tables()
        .flat_map(|other| other.foreign_keys().map(move |key| (other, key)));
    keys.filter(|(_, key)| {
        let target = key.references.as_ref();
        key.columns.len() == 1 && target.is_some_and(|target| target.table_oid.0 == table.oid.0)
    })
}
