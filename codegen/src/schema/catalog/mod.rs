//! The rows of the catalog, compared one by one.
//!
//! schema.sql is read and written by this program: an object that it loses is lost on both sides of a comparison of two
//! dumps. The catalog's rows depend on no reader of an object kind: every column of every catalog is compared, except those
//! that `omitted.rs` names with the reason. Postgres itself declares which columns refer to another catalog
//! (`pg_get_catalog_foreign_keys`), so numbers of objects and of columns are replaced by their names.

mod names;
mod omitted;
mod read;
mod resolve;
mod select;

use std::collections::{BTreeMap, BTreeSet};

/// One row. A large schema has hundreds of thousands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct CatalogRow {
    /// The catalog and the object's name, by which the rows of two databases are paired.
    label: Box<str>,
    /// The values of all columns, each but the first after [`SEPARATOR`].
    values: Box<str>,
}

/// No text of Postgres has it.
const SEPARATOR: &str = "\0";

/// The rows that describe the objects of one database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatalogRows {
    /// The columns of each catalog.
    columns: BTreeMap<String, Vec<String>>,
    /// Sorted.
    rows: Vec<CatalogRow>,
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
        if self == other {
            return Vec::new();
        }
        let mine = BTreeSet::from_iter(&self.rows);
        let theirs = BTreeSet::from_iter(&other.rows);
        // Sorted by name, so that a report is the same in each run.
        let differing = mine.symmetric_difference(&theirs);
        let names: BTreeSet<&str> = differing.map(|row| row.label.as_ref()).collect();
        let differences = names.into_iter().flat_map(|name| {
            let pair = ((from, self.named(name)), (to, other.named(name)));
            self.compare_rows(name, pair.0, pair.1)
        });
        differences.collect()
    }

    fn named(&self, label: &str) -> &[CatalogRow] {
        let first = self.rows.partition_point(|row| *row.label < *label);
        let rows = &self.rows[first..];
        &rows[..rows.partition_point(|row| *row.label == *label)]
    }

    fn compare_rows(
        &self,
        name: &str,
        (from, rows): (&str, &[CatalogRow]),
        (to, others): (&str, &[CatalogRow]),
    ) -> Vec<String> {
        match (rows, others) {
            // Several rows under one label cannot be paired, so only their number is told.
            ([row], [other]) => self.compare_columns((from, row), (to, other)),
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
        &self,
        (from, row): (&str, &CatalogRow),
        (to, other): (&str, &CatalogRow),
    ) -> Vec<String> {
        let name = &row.label;
        let catalog = name.split(' ').next().unwrap_or_default();
        let columns = self.columns.get(catalog).into_iter().flatten();
        let values = row
            .values
            .split(SEPARATOR)
            .zip(other.values.split(SEPARATOR));
        let differing = columns
            .zip(values)
            .filter(|(_, (mine, theirs))| mine != theirs);
        let differences = differing.map(|(column, (mine, theirs))| {
            format!("{name}: {column} is {mine} in {from}, {theirs} in {to}")
        });
        differences.collect()
    }
}
