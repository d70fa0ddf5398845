//! The columns of structs that several queries give, so that a query names the struct and not each column.
//!
//! Given: all queries with their types. Gives: for each struct of `types.rs` the columns that most of its queries have. A query
//! with other columns, such as a marked one, has its own.

use super::module::ModulePlan;
use super::names::rust_literal;
use super::pages::{find_columns, write_oids};
use super::types::{TYPES_PATH, TypeMap};
use super::view::RowStructView;
use crate::query::Finished;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// The columns of a result, as expressions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WrittenColumns {
    oids: String,
    names: String,
}

impl WrittenColumns {
    pub(super) fn of(typed: &Finished, map: &TypeMap<'_>) -> Self {
        let columns = find_columns(typed);
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        Self {
            oids: write_oids(columns.iter().map(|(_, oid)| *oid), map),
            names: rust_literal(&names.join(", ")),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.oids == "&[]"
    }
}

impl fmt::Display for WrittenColumns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.oids, self.names)
    }
}

/// The columns of each struct of `types.rs`, by its path.
pub(super) struct SharedColumns(HashMap<String, WrittenColumns>);

impl SharedColumns {
    pub(super) fn of(modules: &[ModulePlan<'_>], map: &TypeMap<'_>) -> Self {
        let mut counts: HashMap<String, BTreeMap<WrittenColumns, usize>> = HashMap::new();
        for query in modules.iter().flat_map(ModulePlan::queries) {
            if let Some(row) = query.shared_row() {
                let columns = WrittenColumns::of(query.typed, map);
                *counts.entry(row).or_default().entry(columns).or_default() += 1;
            }
        }
        let most = counts.into_iter().filter_map(|(row, counts)| {
            // Of two that are equally frequent the one that sorts first, so that the order of files changes nothing.
            let most = counts.into_iter().rev().max_by_key(|(_, count)| *count)?;
            Some((row, most.0))
        });
        Self(most.collect())
    }

    pub(super) fn get(&self, row: &str) -> Option<&WrittenColumns> {
        self.0.get(row)
    }

    /// Gives the structs of `types.rs` their columns.
    pub(super) fn add_to(&self, rows: &mut [RowStructView]) {
        for row in rows {
            let columns = self.get(&format!("{TYPES_PATH}{}", row.name));
            row.columns = columns.map(ToString::to_string);
        }
    }
}
