//! The common part of `created_at` and `updated_at`: a moment that is always there.

use crate::lint::context::{Context, of_column, of_table};
use crate::lint::rule::{Finding, FindingFix};
use crate::schema::model::{Column, Table};

/// Every table that has not `name timestamptz NOT NULL DEFAULT now()`.
pub(super) fn find_times(context: &Context<'_>, name: &str) -> Vec<Finding> {
    context
        .entities()
        .filter_map(|table| match table.column(name) {
            None => Some(find_missing(table, name)),
            Some(column) => find_otherwise(table, column),
        })
        .collect()
}

fn find_missing(table: &Table, name: &str) -> Finding {
    let table_name = &table.name.sql;
    let message = format!("`{table_name}` has no column `{name}`");
    let fix =
        format!("ALTER TABLE {table_name} ADD COLUMN {name} timestamptz NOT NULL DEFAULT now();");
    of_table(table, message, FindingFix::Sql(fix))
}

fn find_otherwise(table: &Table, column: &Column) -> Option<Finding> {
    let alter = format!("ALTER TABLE {} ALTER COLUMN {}", table.name.sql, column.sql);
    let is_now = column.default.as_deref() == Some("now()");
    let wrong = [
        (
            column.data_type != "timestamp with time zone",
            "is not timestamptz",
            format!(
                "{alter} TYPE timestamptz USING {} AT TIME ZONE 'UTC';",
                column.sql
            ),
        ),
        (
            !is_now,
            "is not now() by default",
            format!("{alter} SET DEFAULT now();"),
        ),
        (
            !column.not_null,
            "may be NULL",
            format!(
                "UPDATE {} SET {1} = now() WHERE {1} IS NULL;\n{alter} SET NOT NULL;",
                table.name.sql, column.sql
            ),
        ),
    ];
    let wrong = wrong.iter().filter(|(is_wrong, ..)| *is_wrong);
    let (words, fixes): (Vec<&str>, Vec<&str>) =
        wrong.map(|(_, words, fix)| (*words, fix.as_str())).unzip();
    if words.is_empty() {
        return None;
    }
    let message = format!(
        "`{}.{}` {}",
        table.name.sql,
        column.name,
        words.join(" and ")
    );
    Some(of_column(
        table,
        column,
        message,
        FindingFix::Sql(fixes.join("\n")),
    ))
}
