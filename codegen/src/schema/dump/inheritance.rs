//! Tables that join their parents after they were created, because their columns have another order.
//!
//! `CREATE TABLE … INHERITS` puts the columns of the parents first. `ALTER TABLE … INHERIT` takes a table as it is, with
//! columns of its own for all of the parents'.

use std::collections::{HashMap, HashSet};

use super::order::DumpOrder;
use crate::schema::model::{Column, Constraint, Generation, Table};

/// The tables that `ALTER TABLE … INHERIT` gives their parents, by name as SQL.
pub(super) fn find_joining(tables: &[Table]) -> HashSet<&str> {
    let by_name: HashMap<&str, &Table> = tables
        .iter()
        .map(|table| (table.name.sql.as_str(), table))
        .collect();
    let children = tables.iter().filter(|table| !table.inherits.is_empty());
    let joining = children.filter(|table| {
        let parents = table.inherits.iter();
        let parents: Vec<&Table> = parents
            .filter_map(|parent| by_name.get(parent.as_str()).copied())
            .collect();
        has_other_order(table, &parents) && has_all_by_itself(table, &parents)
    });
    joining.map(|table| table.name.sql.as_str()).collect()
}

/// Whether CREATE TABLE would give the columns another order.
fn has_other_order(table: &Table, parents: &[&Table]) -> bool {
    let columns = parents.iter().flat_map(|parent| &parent.columns);
    let mut merged: Vec<&str> = Vec::new();
    for column in columns.chain(&table.columns) {
        if !merged.contains(&column.name.as_str()) {
            merged.push(&column.name);
        }
    }
    let own = table.columns.iter().map(|column| column.name.as_str());
    !own.eq(merged)
}

/// Whether the columns and checks of the parents are the table's own too, as INHERIT leaves them.
fn has_all_by_itself(table: &Table, parents: &[&Table]) -> bool {
    let mut checks = parents.iter().flat_map(|parent| &parent.constraints);
    let has = |check: &Constraint| table.constraints.iter().any(|own| own.name == check.name);
    table.columns.iter().all(|column| !column.inherited)
        && checks.all(|check| !check.is_inherited_check() || has(check))
}

/// `ALTER TABLE … INHERIT` for each parent, once the table has its checks.
pub(super) fn join_parents(table: &Table, order: &DumpOrder<'_>) -> String {
    let name = table.name.sql.as_str();
    if !order.joins_later(table) {
        return String::new();
    }
    let parents = table.inherits.iter();
    let joins = parents.map(|parent| format!("ALTER TABLE {name} INHERIT {parent};\n"));
    joins.collect()
}

/// The columns that CREATE TABLE states of a table that joins its parents later: with the expressions that a child table would
/// take from above.
pub(super) fn state_expressions(columns: &mut [Column]) {
    for column in columns {
        column.generation = Generation::Own;
    }
}
