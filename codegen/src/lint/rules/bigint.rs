//! Columns of whole numbers that are not wide, except those that a sequence fills, which `counter` is about.

use super::counter::{find_narrow, is_counter};
use crate::lint::context::Context;
use crate::lint::rule::{Finding, Rule, Set};

pub(super) const RULE: Rule = Rule {
    id: "bigint",
    set: Set::House,
    promise: "a whole number is a bigint, not an integer or smallint",
    why: "A number that no longer fits stops the product, and widening its column then rewrites the table.",
    bad: "CREATE TABLE notes (id bigint PRIMARY KEY, word_count integer, marks smallint[]);",
    good: "CREATE TABLE notes (id bigint PRIMARY KEY, word_count bigint, marks bigint[]);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let columns = context.columns();
    let columns = columns.filter(|(table, column)| !is_counter(context, table, column));
    let findings = columns.filter_map(|(table, column)| {
        let wide = match column.data_type.as_str() {
            "smallint" | "integer" => "bigint",
            "smallint[]" | "integer[]" => "bigint[]",
            _ => return None,
        };
        Some(find_narrow(context, table, column, wide))
    });
    findings.collect()
}
