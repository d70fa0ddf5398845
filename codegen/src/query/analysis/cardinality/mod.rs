//! How many rows a query can give: proved from unique keys, with the evidence in words.
//!
//! Given: a tree and the catalog. Gives: a [`Cardinality`].
//! Invariant: it holds for every content of the database; whatever is not understood is unknown.
//!
//! ```text
//! bindings   the equalities of WHERE and ON, and their subjects
//! fixed      values that are the same in all rows of a query
//! single     which relations of FROM give at most one row, and so the whole
//! statement  SELECT, INSERT, UPDATE, DELETE
//! missing    the columns that a unique key lacks, for the help of a diagnostic
//! order      whether the columns of ORDER BY identify a row
//! ```

mod bindings;
mod fixed;
mod missing;
mod order;
mod single;
mod statement;

use super::catalog::Catalog;
use super::scope::QueryScope;
use super::tree::QueryTree;
use serde::{Deserialize, Serialize};
use std::cell::Cell;

pub(super) use fixed::is_repeatable;
pub(super) use missing::missing_key;
pub(crate) use order::Uniqueness;
pub(super) use order::{OrderedColumn, find_uniqueness};

/// How many rows a query gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cardinality {
    /// One row, whatever the tables hold.
    ExactlyOne {
        /// Why, in words for people.
        evidence: String,
    },
    /// One row or none.
    AtMostOne {
        /// Why, in words for people.
        evidence: String,
    },
    /// Nothing is proved.
    Unknown,
}

/// How many queries are looked at before one counts as too complicated.
// Views over views and WITH name the same query many times, and each time it is counted again.
const MAX_STEPS: usize = 10_000;

/// The sources of a proof.
#[derive(Debug)]
pub(super) struct Counter<'t> {
    catalog: &'t Catalog,
    steps: Cell<usize>,
}

impl<'t> Counter<'t> {
    fn new(catalog: &'t Catalog) -> Self {
        Self {
            catalog,
            steps: Cell::new(0),
        }
    }

    /// Whether there is still work allowed.
    fn step(&self) -> bool {
        self.steps.set(self.steps.get() + 1);
        self.steps.get() <= MAX_STEPS
    }
}

/// How many rows a statement gives.
pub(super) fn count_rows<'t>(query: &'t QueryTree, catalog: &'t Catalog) -> Cardinality {
    let scope = QueryScope::outermost(query);
    let counter = Counter::new(catalog);
    match counter.at_most_one(&scope, &[]) {
        None => Cardinality::Unknown,
        // At least one is asked only of queries that give at most one, because only together they
        // say "exactly one".
        Some(evidence) if counter.at_least_one(&scope) => Cardinality::ExactlyOne { evidence },
        Some(evidence) => Cardinality::AtMostOne { evidence },
    }
}
