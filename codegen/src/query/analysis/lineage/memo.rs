//! Answers about columns of queries that were given before.
//!
//! Invariant: an answer is kept only for as long as each assumption holds that it was given under. The assumptions of a recursion
//! about its earlier rows change from round to round, so answers given meanwhile are of that round alone.

use crate::query::analysis::catalog::Catalog;
use crate::query::analysis::scope::{QueryScope, Stage};
use std::cell::RefCell;
use std::collections::HashMap;

/// A query by its address, where in its parent it is, and a column of it.
type MemoKey = (usize, Stage, usize);

/// The answers of one fold for one statement.
#[derive(Debug)]
pub(in crate::query::analysis) struct Lineage<'t, A> {
    pub(in crate::query::analysis) catalog: &'t Catalog,
    lasting: RefCell<HashMap<MemoKey, A>>,
    /// Answers that hold under the present assumptions alone.
    passing: RefCell<HashMap<MemoKey, A>>,
    /// By recursive query: the answers that are assumed for its columns in earlier rows.
    assumed: RefCell<HashMap<usize, Vec<A>>>,
    /// By recursive query: the answers for its columns.
    settled: RefCell<HashMap<usize, Vec<A>>>,
}

impl<'t, A: Clone> Lineage<'t, A> {
    pub(in crate::query::analysis) fn new(catalog: &'t Catalog) -> Self {
        Self {
            catalog,
            lasting: RefCell::default(),
            passing: RefCell::default(),
            assumed: RefCell::default(),
            settled: RefCell::default(),
        }
    }

    /// The answer that was given about a column of a query.
    pub(super) fn find_answer(&self, scope: &QueryScope<'_, '_>, column: usize) -> Option<A> {
        let key = key(scope, column);
        let lasting = self.lasting.borrow().get(&key).cloned();
        lasting.or_else(|| self.passing.borrow().get(&key).cloned())
    }

    pub(super) fn keep_answer(&self, scope: &QueryScope<'_, '_>, column: usize, answer: A) {
        let answers = if self.assumed.borrow().is_empty() {
            &self.lasting
        } else {
            &self.passing
        };
        answers.borrow_mut().insert(key(scope, column), answer);
    }

    #[expect(
        clippy::option_option,
        reason = "nothing is known of the query yet; or it is, and the column is not one of its own"
    )]
    /// The answer for a column of a recursive query, or the one assumed while that is found out; none within for one that it
    /// does not have, none at all while nothing is known.
    pub(super) fn find_recursive(&self, query: usize, column: usize) -> Option<Option<A>> {
        let (assumed, settled) = (self.assumed.borrow(), self.settled.borrow());
        let columns = assumed.get(&query).or_else(|| settled.get(&query))?;
        let index = column.checked_sub(1);
        Some(index.and_then(|index| columns.get(index)).cloned())
    }

    pub(super) fn assume(&self, query: usize, columns: Vec<A>) {
        // Answers of the last round were given under weaker assumptions.
        self.passing.borrow_mut().clear();
        self.assumed.borrow_mut().insert(query, columns);
    }

    pub(super) fn stop_assuming(&self, query: usize) {
        self.passing.borrow_mut().clear();
        self.assumed.borrow_mut().remove(&query);
    }

    /// Keeps the answers for the columns of a recursive query, unless a recursion around it only assumes something.
    pub(super) fn settle(&self, query: usize, columns: Vec<A>) {
        if self.assumed.borrow().is_empty() {
            self.settled.borrow_mut().insert(query, columns);
        }
    }
}

fn key(scope: &QueryScope<'_, '_>, column: usize) -> MemoKey {
    // The same query can be read at two stages of its parent, where its outer columns are other
    // values.
    (super::address(scope.query), scope.within, column)
}
