//! The rows of the catalog, compared one by one.
//!
//! schema.sql is read and written by this program: an object that it loses is lost on both sides of a comparison of two
//! dumps. The catalog's rows depend on no reader of an object kind: every column of every catalog is compared, except those
//! that `omitted.rs` names with the reason. Postgres itself declares which columns refer to another catalog
//! (`pg_get_catalog_foreign_keys`), so numbers of objects and of columns are replaced by their names.

mod omitted;
mod own_table;
mod read;
mod resolve;

use std::collections::{BTreeMap, BTreeSet};

/// The values of one row, by column.
type CatalogRow = BTreeMap<String, String>;

/// The rows that describe the objects of one database, each by its catalog and the object's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatalogRows {
    rows: BTreeMap<String, Vec<CatalogRow>>,
}

/// Whether the order of a table's columns is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnOrder {
    /// It is: the second database is to be a copy of the first.
    Compared,
    /// It is not: Postgres adds columns at the end, wherever they are in a file.
    Ignored,
}

impl CatalogRows {
    /// The differences, in words: `from` and `to` say whose the rows are.
    pub fn differences(&self, other: &Self, from: &str, to: &str) -> Vec<String> {
        // Sorted by name, so that a report is the same in each run.
        let names: BTreeSet<&String> = self.rows.keys().chain(other.rows.keys()).collect();
        let none = Vec::new();
        let differences = names.into_iter().flat_map(|name| {
            let rows = self.rows.get(name).unwrap_or(&none);
            let others = other.rows.get(name).unwrap_or(&none);
            compare_rows(name, (from, rows), (to, others))
        });
        differences.collect()
    }
}

fn compare_rows(
    name: &str,
    (from, rows): (&str, &[CatalogRow]),
    (to, others): (&str, &[CatalogRow]),
) -> Vec<String> {
    if rows == others {
        return Vec::new();
    }
    match (rows, others) {
        // Several rows under one label cannot be paired, so only their number is told.
        ([row], [other]) => compare_columns(name, (from, row), (to, other)),
        (rows, []) => vec![format!("{name}: {} in {from}, none in {to}", rows.len())],
        ([], others) => vec![format!("{name}: none in {from}, {} in {to}", others.len())],
        _ => vec![format!(
            "{name}: {} in {from}, {} in {to}, not equal",
            rows.len(),
            others.len()
        )],
    }
}

fn compare_columns(
    name: &str,
    (from, row): (&str, &CatalogRow),
    (to, other): (&str, &CatalogRow),
) -> Vec<String> {
    let differing = row
        .iter()
        .filter(|(column, value)| other.get(*column) != Some(value));
    let differences = differing.map(|(column, value)| {
        let theirs = other.get(column).map_or("nothing", String::as_str);
        format!("{name}: {column} is {value} in {from}, {theirs} in {to}")
    });
    differences.collect()
}
