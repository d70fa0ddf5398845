//! Tables without room for a row's story.

use crate::lint::context::{Context, of_column, of_table};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{Column, Table};

pub(super) const RULE: Rule = Rule {
    id: "storytime",
    set: Set::House,
    promise: "every table has storytime, a jsonb that may be NULL",
    why: "How a row came to be as it is can then be told beside it, by the person who fixes or imports data.",
    bad: "
CREATE TABLE notes (body text);
CREATE TABLE tags (storytime text NOT NULL DEFAULT '');",
    good: "
CREATE TABLE notes (body text, storytime jsonb);
CREATE TABLE tags (storytime jsonb);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    context
        .entities()
        .filter_map(|table| match table.column("storytime") {
            None => Some(find_missing(table)),
            Some(column) => find_otherwise(table, column),
        })
        .collect()
}

fn find_missing(table: &Table) -> Finding {
    let name = &table.name.sql;
    let fix = format!("ALTER TABLE {name} ADD COLUMN storytime jsonb;");
    of_table(
        table,
        format!("`{name}` has no column `storytime`"),
        FindingFix::Sql(fix),
    )
}

fn find_otherwise(table: &Table, column: &Column) -> Option<Finding> {
    let alter = format!("ALTER TABLE {} ALTER COLUMN storytime", table.name.sql);
    let wrong = [
        (
            column.not_null,
            "may not be NULL",
            format!("{alter} DROP NOT NULL;"),
        ),
        (
            column.default.is_some(),
            "has a default",
            format!("{alter} DROP DEFAULT;"),
        ),
        (
            column.data_type != "jsonb",
            "is not jsonb",
            format!("{alter} TYPE jsonb USING to_jsonb(storytime);"),
        ),
    ];
    let wrong = wrong.iter().filter(|(is_wrong, ..)| *is_wrong);
    let (words, fixes): (Vec<&str>, Vec<&str>) =
        wrong.map(|(_, words, fix)| (*words, fix.as_str())).unzip();
    if words.is_empty() {
        return None;
    }
    let message = format!("`{}.storytime` {}", table.name.sql, words.join(" and "));
    Some(of_column(
        table,
        column,
        message,
        FindingFix::Sql(fixes.join("\n")),
    ))
}
