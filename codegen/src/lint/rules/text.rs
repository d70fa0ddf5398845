//! Columns of text with a length.

use crate::lint::context::{Context, of_column};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{Column, Table};

pub(super) const RULE: Rule = Rule {
    id: "text",
    set: Set::House,
    promise: "text is text, not varchar",
    why: "A limit belongs in a CHECK, which has a name and can be changed without a change of the rows.",
    bad: "CREATE TABLE notes (title varchar(200) NOT NULL, language varchar(2), tags varchar[]);",
    good: "
CREATE TABLE notes (
    title text NOT NULL CHECK (char_length(title) <= 200),
    language text CHECK (char_length(language) <= 2),
    tags text[]
);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let columns = context
        .columns()
        .filter(|(_, column)| column.data_type.starts_with("character varying"));
    let findings = columns.map(|(table, column)| {
        let message = format!(
            "`{}.{}` is {}",
            table.name.sql, column.name, column.data_type
        );
        of_column(
            table,
            column,
            message,
            FindingFix::Sql(write_fix(table, column)),
        )
    });
    findings.collect()
}

pub(super) fn write_fix(table: &Table, column: &Column) -> String {
    let (name, sql, data_type) = (&table.name.sql, &column.sql, &column.data_type);
    let array = if data_type.ends_with("[]") { "[]" } else { "" };
    let alter = format!("ALTER TABLE {name} ALTER COLUMN {sql} TYPE text{array};");
    match read_limit(data_type) {
        // A CHECK of one expression cannot look at the elements of an array.
        Some(limit) if array.is_empty() => {
            format!("{alter}\nALTER TABLE {name} ADD CHECK (char_length({sql}) <= {limit});")
        }
        _ => alter,
    }
}

/// The number in parentheses.
fn read_limit(data_type: &str) -> Option<&str> {
    let (_, rest) = data_type.split_once('(')?;
    rest.split(')').next()
}
