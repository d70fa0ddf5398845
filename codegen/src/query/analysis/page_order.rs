//! The order of a query that is read in pages: the columns of ORDER BY, and whether they identify a row.
//!
//! Given: the tree of a `:page` query. Gives: a [`PageOrder`]; `query/page` writes the statements, or says why it cannot.

use super::cardinality::{OrderedColumn, Uniqueness, find_uniqueness};
use super::catalog::Catalog;
use super::lineage::Fold as _;
use super::nullability::NullabilityProver;
use super::repeatable::RepeatableFold;
use super::scope::{QueryScope, Stage};
use super::tree::{QueryTree, SortKey, StatementTree, TargetEntry};
use serde::{Deserialize, Serialize};

/// The order of a query.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PageOrder {
    pub(crate) keys: Vec<OrderKey>,
    pub(crate) uniqueness: Uniqueness,
    /// The reason why it cannot be read in pages at all.
    pub(crate) obstacle: Option<Obstacle>,
}

impl PageOrder {
    /// Makes it as weak as that of another variant of the query with the same order; false if the variants sort by other things.
    pub(crate) fn weaken(&mut self, other: &Self) -> bool {
        if self.keys.len() != other.keys.len() {
            return false;
        }
        for (key, other) in self.keys.iter_mut().zip(&other.keys) {
            let is_same = key.column == other.column
                && key.operator == other.operator
                && key.nulls_first == other.nulls_first;
            if !is_same {
                return false;
            }
            key.nullable |= other.nullable;
            key.repeatable &= other.repeatable;
        }
        // One variant whose order does not identify a row makes the cursors of all variants unsafe.
        if let Uniqueness::Missing(_) = other.uniqueness {
            self.uniqueness = other.uniqueness.clone();
        }
        self.obstacle = self.obstacle.or(other.obstacle);
        true
    }
}

/// One element of ORDER BY.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OrderKey {
    /// The column of the result that it is, from 0; none if it is not selected.
    pub(crate) column: Option<usize>,
    pub(crate) nullable: bool,
    pub(crate) nulls_first: bool,
    /// The OIDs of the operators by which values are equal, and by which one comes first.
    pub(crate) equality: u32,
    pub(crate) operator: u32,
    /// Whether it has the same value each time that it is computed.
    pub(crate) repeatable: bool,
}

/// A reason why a statement has no pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Obstacle {
    NotSelect,
    /// A statement in WITH writes.
    Writes,
    /// FOR UPDATE and its like.
    Locks,
    DistinctOn,
}

/// Reads the order of a statement.
pub(super) fn read_order<'t>(
    query: &'t QueryTree,
    catalog: &'t Catalog,
    prover: &NullabilityProver<'t>,
) -> PageOrder {
    let scope = QueryScope::outermost(query);
    let found = query.sort_by.iter().filter_map(|key| {
        // Junk targets too: a page may be ordered by a column that is not selected.
        let mut targets = query.targets.iter();
        let target = targets.find(|target| target.sort_group == key.group)?;
        Some((key, target, is_nullable(target, &scope, prover)))
    });
    let found: Vec<(&SortKey, &TargetEntry, bool)> = found.collect();
    let columns = found.iter().map(|(key, target, nullable)| OrderedColumn {
        number: target.number,
        group: key.group,
        equality: key.equality,
        collation: target.collation,
        // NULL in place of a row that an outer join did not find is like a value: there is one such row for each partner.
        nullable: *nullable && is_null_in_a_row(target, &scope, prover),
    });
    let columns: Vec<OrderedColumn> = columns.collect();
    let repeatable = RepeatableFold::new(catalog);
    let keys = found.iter().map(|(key, target, nullable)| OrderKey {
        column: (!target.junk).then(|| target.number - 1),
        nullable: *nullable,
        nulls_first: key.nulls_first,
        equality: key.equality,
        operator: key.operator,
        repeatable: is_repeatable(target, &scope, &repeatable),
    });
    PageOrder {
        keys: keys.collect(),
        uniqueness: find_uniqueness(query, catalog, &columns),
        obstacle: find_obstacle(query),
    }
}

/// Whether a column can be NULL, whatever its alias says of it.
fn is_nullable<'t>(
    target: &'t TargetEntry,
    scope: &QueryScope<'t, '_>,
    prover: &NullabilityProver<'t>,
) -> bool {
    // The lineage counts the columns of the result, and a junk target is none.
    let verdict = if target.junk {
        prover.of_expression(scope, Stage::Output, &target.expr)
    } else {
        prover.of_column(scope, target.number)
    };
    verdict.nullable
}

/// Whether a column can be NULL where the row of its relation is there. The columns of a set operation are those of its arms.
fn is_null_in_a_row<'t>(
    target: &'t TargetEntry,
    scope: &QueryScope<'t, '_>,
    prover: &NullabilityProver<'t>,
) -> bool {
    scope.query.set_operations.is_some() || prover.is_null_in_a_row(scope, &target.expr)
}

fn is_repeatable<'t>(
    target: &'t TargetEntry,
    scope: &QueryScope<'t, '_>,
    repeatable: &RepeatableFold<'t>,
) -> bool {
    if target.junk {
        repeatable.of_expression(scope, Stage::Output, &target.expr)
    } else {
        repeatable.of_column(scope, target.number)
    }
}

fn find_obstacle(query: &QueryTree) -> Option<Obstacle> {
    // Only WITH of the outermost query may write ("Data-Modifying Statements in WITH", 7.8.4).
    let mut with = query.ctes.iter();
    if query.statement != StatementTree::Select {
        Some(Obstacle::NotSelect)
    } else if with.any(|cte| cte.query.statement != StatementTree::Select) {
        Some(Obstacle::Writes)
    } else if query.locks {
        Some(Obstacle::Locks)
    // DISTINCT ON keeps the first row by ORDER BY, so a condition of a page would change which rows
    // are kept.
    } else if query.distinct_on {
        Some(Obstacle::DistinctOn)
    } else {
        None
    }
}
