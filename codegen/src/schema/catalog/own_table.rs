//! The rows of the tool's own table, `_sqlx_migrations`, and of its parts: no schema has them.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::resolve::text_of;

/// The table of applied migrations, as sqlx names it.
const TABLE: &str = "_sqlx_migrations";

/// The columns by which a part of a table names its table or type.
const OWNERS: &[(&str, &str)] = &[
    ("pg_attribute", "attrelid"),
    ("pg_attrdef", "adrelid"),
    ("pg_class", "oid"),
    ("pg_constraint", "conrelid"),
    ("pg_index", "indrelid"),
    ("pg_policy", "polrelid"),
    ("pg_rewrite", "ev_class"),
    ("pg_statistic_ext", "stxrelid"),
    ("pg_trigger", "tgrelid"),
    ("pg_type", "typrelid"),
    ("pg_type", "typelem"),
    // What is said of an object of any catalog.
    ("pg_depend", "objid"),
    ("pg_description", "objoid"),
    ("pg_init_privs", "objoid"),
    ("pg_seclabel", "objoid"),
];

/// The numbers of the table and its parts.
#[derive(Debug, Default)]
pub(super) struct OwnTable {
    numbers: HashSet<String>,
}

impl OwnTable {
    /// Finds the table and its parts among all rows.
    pub(super) fn find(rows: &[(String, Map<String, Value>)]) -> Self {
        let is_table = |(catalog, row): &&(String, Map<String, Value>)| {
            catalog == "pg_class"
                && text_of(row, "relname") == TABLE
                && text_of(row, "relkind") == "r"
        };
        let tables = rows.iter().filter(is_table);
        let mut own = Self {
            numbers: tables.map(|(_, row)| text_of(row, "oid")).collect(),
        };
        // A fixpoint, because a part may be listed before the part that it belongs to: an array before its row type.
        loop {
            let before = own.numbers.len();
            for (catalog, row) in rows {
                if own.has(catalog, row) {
                    let number = if catalog == "pg_index" {
                        "indexrelid"
                    } else {
                        "oid"
                    };
                    own.numbers
                        .extend(row.get(number).map(|_| text_of(row, number)));
                }
            }
            if own.numbers.len() == before {
                return own;
            }
        }
    }

    /// Whether the row describes the table or a part of it.
    pub(super) fn has(&self, catalog: &str, row: &Map<String, Value>) -> bool {
        let owners = OWNERS.iter().filter(|(of, _)| *of == catalog);
        let mut numbers = owners.map(|(_, column)| text_of(row, column));
        numbers.any(|number| self.numbers.contains(&number))
    }
}
