//! Whether a column can be NULL: proved from the tree, with the evidence in words.
//!
//! Given: a tree, the catalog, which parameters may be NULL. Gives: a [`NullVerdict`] for each column.
//! Invariant: a verdict "never NULL" holds for every content of the database; whatever is not
//! understood is nullable.
//!
//! ```text
//! predicates   facts that follow from a condition that holds  facts     columns that are not NULL
//! joins        which relations outer joins fill with NULL     columns   of tables, CTEs, …
//! expression   every other node, by kind: calls, aggregates, windows, sublinks, set operations
//! returned     the columns of RETURNING                     bodies   the results of functions in SQL
//! elements     whether an array holds NULL          records   whether a field of an anonymous row is
//! budget       how much work the proof of one column may be
//! ```

mod budget;
mod facts;
mod joins;
mod predicates;

mod aggregates;
mod arrays;
mod bodies;
mod booleans;
mod calls;
mod columns;
mod conditional;
mod counts;
mod elements;
mod expression;
mod functions;
mod queries;
mod records;
mod returned;
mod rows;
mod sublinks;
mod verdict;
mod windows;

pub use records::Record;
pub(super) use records::Records;
pub(super) use rows::gives_a_row;
pub use verdict::Evidence;
pub(crate) use verdict::NullVerdict;

use super::catalog::Catalog;
use super::lineage::{Fold as _, Lineage, address};
use super::scope::QueryScope;
use super::tree::QueryTree;
use crate::query::TypeCatalog;
use bodies::Calls;
use budget::Budget;
use joins::Joins;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Which parameters may be NULL; `$1` is the first.
#[derive(Clone, Debug)]
pub(super) enum Parameters {
    /// Of a query; the second says of each array whether its elements may be NULL.
    OfQuery(Vec<bool>, Vec<bool>),
    /// Of a function, which can be called with any array.
    OfFunction(Vec<bool>),
}

impl Parameters {
    /// Whether a parameter, counted from 1, may be NULL.
    fn nullable(&self, number: usize) -> bool {
        let (Self::OfQuery(nullable, _) | Self::OfFunction(nullable)) = self;
        let nullable = number.checked_sub(1).and_then(|index| nullable.get(index));
        // A number beyond the list is unknown, and unknown means nullable.
        nullable.copied().unwrap_or(true)
    }

    /// Whether an element of a parameter, counted from 1, may be NULL.
    fn elements_nullable(&self, number: usize) -> bool {
        // A caller of a function may pass an array with NULL elements, whatever its columns are.
        let Self::OfQuery(_, elements) = self else {
            return true;
        };
        let elements = number.checked_sub(1).and_then(|index| elements.get(index));
        elements.copied().unwrap_or(true)
    }
}

/// The sources of proofs, and the proofs made before.
pub(super) struct NullabilityProver<'t> {
    catalog: &'t Catalog,
    types: &'t TypeCatalog,
    parameters: Parameters,
    /// The proofs for columns, and for the elements of arrays.
    values: Lineage<'t, NullVerdict>,
    elements: Lineage<'t, NullVerdict>,
    /// By query, identified by its address.
    joins: RefCell<HashMap<usize, Rc<Joins<'t>>>>,
    /// The verdicts on calls of functions of the user.
    calls: Rc<RefCell<Calls>>,
    budget: Rc<Budget>,
}

impl<'t> NullabilityProver<'t> {
    pub(super) fn new(
        catalog: &'t Catalog,
        types: &'t TypeCatalog,
        parameters: Parameters,
    ) -> Self {
        Self {
            catalog,
            types,
            parameters,
            calls: Rc::default(),
            values: Lineage::new(catalog),
            elements: Lineage::new(catalog),
            joins: RefCell::default(),
            budget: Rc::default(),
        }
    }

    /// The verdict on each column of a statement.
    pub(super) fn columns(&self, query: &'t QueryTree) -> Vec<NullVerdict> {
        let scope = QueryScope::outermost(query);
        let numbers = query.columns().map(|target| target.number);
        numbers
            .map(|number| {
                self.budget.start();
                self.of_column(&scope, number)
            })
            .collect()
    }

    /// Whether the proof of some column was given up because the query is too complicated.
    pub(super) fn gave_up(&self) -> bool {
        self.budget.was_spent()
    }

    fn joins(&self, scope: &QueryScope<'t, '_>) -> Rc<Joins<'t>> {
        // Trees are borrowed for `'t`, so an address identifies a query as long as the prover
        // lives, and no tree has to be compared.
        let key = address(scope.query);
        if let Some(joins) = self.joins.borrow().get(&key) {
            return joins.clone();
        }
        let joins = Rc::new(joins::read_joins(scope, self.catalog));
        self.joins.borrow_mut().insert(key, joins.clone());
        joins
    }
}

/// Whether an outer join of a query can fill one of its relations with NULL.
pub(super) fn is_filled<'t>(
    scope: &QueryScope<'t, '_>,
    relation: usize,
    catalog: &'t Catalog,
) -> bool {
    let joins = joins::read_joins(scope, catalog);
    joins.unknown || joins.nulled(relation).is_some()
}
