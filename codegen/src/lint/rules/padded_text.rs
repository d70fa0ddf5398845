//! Columns of text that is padded.

use super::text::write_fix;
use crate::lint::context::{Context, of_column};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};

pub(super) const RULE: Rule = Rule {
    id: "padded-text",
    set: Set::General,
    promise: "text is text or varchar, not char",
    why: "char pads a value with blanks, and comparisons leave them out, so the blanks at the end of a value are lost.",
    bad: "CREATE TABLE notes (language char(2) NOT NULL, codes char(3)[]);",
    good: "
CREATE TABLE notes (
    language text NOT NULL CHECK (char_length(language) <= 2),
    codes varchar(3)[]
);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let is_padded = |data_type: &str| {
        data_type.starts_with("character") && !data_type.starts_with("character varying")
    };
    let columns = context.columns();
    let columns = columns.filter(|(_, column)| is_padded(&column.data_type));
    let findings = columns.map(|(table, column)| {
        let (table_name, data_type) = (&table.name.sql, &column.data_type);
        let message = format!("`{table_name}.{}` is {data_type}", column.name);
        of_column(
            table,
            column,
            message,
            FindingFix::Sql(write_fix(table, column)),
        )
    });
    findings.collect()
}
