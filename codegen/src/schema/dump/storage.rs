//! How columns are stored, where tables inherit them.
//!
//! A table takes that from those it inherits from, and Postgres creates none whose parents differ. So where a table
//! and its parents do not agree, the parents' columns are set only once all tables stand.

use std::collections::{HashMap, HashSet};

use super::order::DumpOrder;
use super::parts::{Late, Step, write_later};
use crate::schema::model::{Column, Table};

/// Tables and their columns, each as SQL, that are set later.
pub(super) type SetLater<'a> = HashSet<(&'a str, &'a str)>;

/// The columns of parents with which some table does not agree, and those above them.
pub(super) fn set_later(tables: &[Table]) -> SetLater<'_> {
    let by_name = tables.iter().map(|table| (table.name.sql.as_str(), table));
    let by_name: HashMap<&str, &Table> = by_name.collect();
    let mut later = SetLater::new();
    // A fixpoint up the tree of inheritance: a parent that is set later may differ from its own
    // parents then.
    loop {
        let before = later.len();
        for child in tables.iter().filter(|table| !table.inherits.is_empty()) {
            for column in &child.columns {
                let above = find_parent(child, column, &by_name);
                let differs = above
                    .iter()
                    .any(|(_, other)| list_storage(other) != list_storage(column));
                if differs || later.contains(&(child.name.sql.as_str(), column.sql.as_str())) {
                    later.extend(above.iter().map(|(table, _)| (*table, column.sql.as_str())));
                }
            }
        }
        if later.len() == before {
            return later;
        }
    }
}

/// The same column of the tables that the child inherits from, each with its table.
fn find_parent<'a>(
    child: &'a Table,
    column: &Column,
    by_name: &HashMap<&str, &'a Table>,
) -> Vec<(&'a str, &'a Column)> {
    let parents = child.inherits.iter();
    let parents = parents.filter_map(|parent| Some((parent, by_name.get(parent.as_str())?)));
    let columns = parents.filter_map(|(name, table)| {
        let same = |other: &&Column| other.name == column.name;
        Some((name.as_str(), table.columns.iter().find(same)?))
    });
    columns.collect()
}

fn list_storage(column: &Column) -> Vec<&String> {
    let settings = column.settings.iter();
    settings.filter(|setting| is_storage(setting)).collect()
}

fn is_storage(setting: &str) -> bool {
    setting.starts_with("SET STORAGE ") || setting.starts_with("SET COMPRESSION ")
}

/// Whether the setting of the column waits until all tables stand.
pub(super) fn is_set_later(
    table: &Table,
    column: &Column,
    setting: &str,
    order: &DumpOrder<'_>,
) -> bool {
    let place = (table.name.sql.as_str(), column.sql.as_str());
    is_storage(setting) && order.stored_later.contains(&place)
}

/// The comments that mirror late statements, which go to `late`: for the table alone, as those beneath it stand by then.
pub(super) fn later_storage(table: &Table, order: &DumpOrder<'_>, late: &mut Vec<Late>) -> String {
    let mut mirrors = String::new();
    for column in &table.columns {
        let settings = column.settings.iter();
        for setting in settings.filter(|setting| is_set_later(table, column, setting, order)) {
            let (name, column) = (&table.name.sql, &column.sql);
            let sql = format!("ALTER TABLE ONLY {name} ALTER COLUMN {column} {setting};\n");
            mirrors += &write_later(sql, Step::Storage, late);
        }
    }
    mirrors
}
