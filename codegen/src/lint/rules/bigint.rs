//! Columns whose numbers run out.

use crate::lint::context::{Context, of_column};
use crate::lint::rule::{Finding, Fix, Rule, Set};
use crate::schema::model::{Column, Table};

pub(super) const RULE: Rule = Rule {
    id: "bigint",
    set: Set::General,
    promise: "a whole number is a bigint, not an integer or smallint",
    why: "A counter that no longer fits stops the product, and widening it then rewrites the table.",
    bad: "CREATE TABLE notes (id serial PRIMARY KEY, word_count integer, marks smallint[]);",
    good: "CREATE TABLE notes (id bigserial PRIMARY KEY, word_count bigint, marks bigint[]);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let findings = context.columns().filter_map(|(table, column)| {
        let wide = match column.data_type.as_str() {
            "smallint" | "integer" => "bigint",
            "smallint[]" | "integer[]" => "bigint[]",
            _ => return None,
        };
        let message = format!(
            "`{}.{}` is {}",
            table.name.sql, column.name, column.data_type
        );
        Some(of_column(
            table,
            column,
            message,
            Fix::Sql(write_fix(context, table, column, wide)),
        ))
    });
    findings.collect()
}

/// A sequence that the column owns counts on as far as the column does.
fn write_fix(context: &Context<'_>, table: &Table, column: &Column, wide: &str) -> String {
    let (name, sql) = (&table.name.sql, &column.sql);
    let owned = context.schema.sequences.iter().filter(|sequence| {
        let owner = sequence.owned_by.as_ref();
        owner.is_some_and(|owner| owner.table == *name && owner.column == *sql)
    });
    let narrow = owned.filter(|sequence| sequence.data_type != "bigint");
    let widened = narrow.map(|sequence| format!("ALTER SEQUENCE {} AS bigint;", sequence.name.sql));
    let alter = format!("ALTER TABLE {name} ALTER COLUMN {sql} TYPE {wide};");
    let statements: Vec<String> = [alter].into_iter().chain(widened).collect();
    statements.join("\n")
}
