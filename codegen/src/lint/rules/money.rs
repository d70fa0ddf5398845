//! Columns of `money`.

use crate::lint::context::{Context, of_column};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};

pub(super) const RULE: Rule = Rule {
    id: "money",
    set: Set::General,
    promise: "amounts are numeric, not money",
    why: "A value of money has no currency, and its fraction digits are those of lc_monetary: a server or a dump with \
          another setting reads the same bytes as another amount.",
    bad: "CREATE TABLE orders (total money NOT NULL DEFAULT 0, parts money[]);",
    good: "CREATE TABLE orders (total numeric NOT NULL DEFAULT 0, parts numeric[]);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let columns = context.columns();
    let columns = columns.filter(|(_, column)| matches!(&*column.data_type, "money" | "money[]"));
    let findings = columns.map(|(table, column)| {
        let (name, sql, data_type) = (&table.name.sql, &column.sql, &column.data_type);
        let message = format!("`{name}.{}` is {data_type}", column.name);
        let numeric = data_type.replace("money", "numeric");
        let fix =
            format!("ALTER TABLE {name} ALTER COLUMN {sql} TYPE {numeric} USING {sql}::{numeric};");
        of_column(table, column, message, FindingFix::Sql(fix))
    });
    findings.collect()
}
