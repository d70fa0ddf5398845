//! Foreign keys whose columns are of another type than the key.

use crate::lint::context::{Context, of_column};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{Column, Constraint, Table};

pub(super) const RULE: Rule = Rule {
    id: "foreign-key-type",
    set: Set::General,
    promise: "a foreign key has the type and collation of the key that it refers to",
    why: "An integer that refers to a bigint overflows first; text of two collations cannot be joined by index.",
    bad: r#"
CREATE TABLE authors (id bigint PRIMARY KEY, slug text COLLATE "C" UNIQUE);
CREATE TABLE notes (author_id integer REFERENCES authors, slug text REFERENCES authors (slug));"#,
    good: r#"
CREATE TABLE authors (id bigint PRIMARY KEY, slug text COLLATE "C" UNIQUE);
CREATE TABLE notes (author_id bigint REFERENCES authors, slug text COLLATE "C" REFERENCES authors (slug));"#,
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let keys = context
        .tables()
        .flat_map(|table| table.foreign_keys().map(move |key| (table, key)));
    keys.flat_map(|(table, key)| find_mismatches(context, table, key))
        .collect()
}

fn find_mismatches(context: &Context<'_>, table: &Table, key: &Constraint) -> Vec<Finding> {
    let Some(target) = key.references.as_ref() else {
        return Vec::new();
    };
    let Some(other) = context.schema.table(target.table_oid) else {
        return Vec::new();
    };
    let columns = table.columns_at(&key.columns);
    let pairs = columns.into_iter().zip(other.columns_at(&target.columns));
    let unlike = pairs.filter(|(column, target)| write_type(column) != write_type(target));
    let finding = |(column, target): (&Column, &Column)| {
        let message = format!(
            "`{}.{}` is {}, and `{}.{}`, to which it refers, is {}",
            table.name.sql,
            column.name,
            write_type(column),
            other.name.sql,
            target.name,
            write_type(target)
        );
        of_column(
            table,
            column,
            message,
            FindingFix::Sql(write_fix(table, column, target)),
        )
    };
    unlike.map(finding).collect()
}

/// The type with its collation.
fn write_type(column: &Column) -> String {
    match &column.collation {
        Some(collation) => format!("{} COLLATE {collation}", column.data_type),
        None => column.data_type.clone(),
    }
}

fn write_fix(table: &Table, column: &Column, target: &Column) -> String {
    let using = if column.data_type == target.data_type {
        String::new()
    } else {
        format!(" USING {}::{}", column.sql, target.data_type)
    };
    format!(
        "ALTER TABLE {} ALTER COLUMN {} TYPE {}{using};",
        table.name.sql,
        column.sql,
        write_type(target)
    )
}
