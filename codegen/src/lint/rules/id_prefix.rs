//! Two tables whose ids begin alike.

use super::prefixes::{free_prefix, read_prefix};
use crate::lint::context::{Context, of_column};
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{Column, Table};
use std::collections::HashMap;

pub(super) const RULE: Rule = Rule {
    id: "id-prefix",
    set: Set::House,
    promise: "no two tables share the prefix of their ids",
    why: "The prefix says which table an id is of only if one table has it.",
    bad: r#"
CREATE TABLE nodes (id text COLLATE "C" PRIMARY KEY DEFAULT generate_id('not') CHECK (id LIKE 'not\_%'));
CREATE TABLE notes (id text COLLATE "C" PRIMARY KEY DEFAULT generate_id('not') CHECK (id LIKE 'not\_%'));"#,
    good: r#"
CREATE TABLE nodes (id text COLLATE "C" PRIMARY KEY DEFAULT generate_id('nod') CHECK (id LIKE 'nod\_%'));
CREATE TABLE notes (id text COLLATE "C" PRIMARY KEY DEFAULT generate_id('not') CHECK (id LIKE 'not\_%'));"#,
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let mut first: HashMap<&str, &Table> = HashMap::new();
    let mut findings = Vec::new();
    for (table, column) in context.columns() {
        let Some(prefix) = read_prefix(column) else {
            continue;
        };
        match first.get(prefix) {
            Some(other) => {
                let message = format!(
                    "ids of `{}` begin with `{prefix}_`, as those of `{}` do",
                    table.name.sql, other.name.sql
                );
                let fix = FindingFix::Sql(write_fix(table, column, &free_prefix(context, table)));
                findings.push(of_column(table, column, message, fix));
            }
            None => {
                first.insert(prefix, table);
            }
        }
    }
    findings
}

/// Changes default and check; ids that exist keep the old prefix, so the check is for new ones.
fn write_fix(table: &Table, column: &Column, prefix: &str) -> String {
    let (name, id) = (&table.name.sql, &column.sql);
    let checks = table.constraints.iter();
    let checks = checks.filter(|check| check.definition.starts_with(&format!("CHECK ({id} ~~ '")));
    let drops = checks.map(|check| format!("ALTER TABLE {name} DROP CONSTRAINT {};\n", check.sql));
    let drops: Vec<String> = drops.collect();
    format!(
        // NOT VALID, because the rows that are there have ids with the old prefix.
        "{}ALTER TABLE {name} ADD CHECK ({id} LIKE '{prefix}\\_%') NOT VALID;\n\
         ALTER TABLE {name} ALTER COLUMN {id} SET DEFAULT generate_id('{prefix}');",
        drops.concat()
    )
}
