//! The sources of a relation's columns: one step of the way, without any judgement.

use crate::query::analysis::catalog::{Catalog, CatalogRelation};
use crate::query::analysis::scope::{QueryScope, Stage};
use crate::query::analysis::tree::{Cte, Expr, QueryTree, Relation, RelationKind, StatementTree};
use std::fmt;

/// The source of a relation's columns.
#[derive(Clone, Copy, Debug)]
pub(in crate::query::analysis) enum Source<'t, 's> {
    /// The rows of a relation of the catalog: a table, or a view whose query was not understood.
    Stored(Stored<'t>),
    /// The columns of a view, which is outside of every scope; of one that is written, over the row that was written.
    View(QueryScope<'t, 's>),
    /// The columns of a subquery, or of a query of WITH.
    Query(QueryScope<'t, 's>),
    /// The columns of a query of WITH RECURSIVE that reads its own rows.
    Recursive(QueryScope<'t, 's>, &'t Cte),
    /// The columns of a join or of a grouping: expressions of the same query.
    Expressions(&'t [Expr]),
    /// The rows of VALUES.
    Values(&'t [Vec<Expr>]),
    /// The results of functions in FROM.
    Functions {
        /// Each with its number of columns.
        functions: &'t [(Expr, usize)],
        ordinality: bool,
    },
    /// Nothing that is known.
    Unknown(Gap<'t>),
}

/// A relation of the catalog whose rows are not followed further, or a column of it.
#[derive(Clone, Copy, Debug)]
pub(in crate::query::analysis) struct Stored<'t> {
    pub(in crate::query::analysis) oid: u32,
    pub(in crate::query::analysis) table: &'t CatalogRelation,
    /// Whether rows of children and partitions come too.
    pub(in crate::query::analysis) inherited: bool,
    /// The column, from 1; 0 is the whole row, negative ones are the system's.
    pub(in crate::query::analysis) column: i32,
}

/// A column, from 1, of functions in FROM.
#[derive(Clone, Copy, Debug)]
pub(in crate::query::analysis) struct FunctionColumn<'t> {
    pub(in crate::query::analysis) functions: &'t [(Expr, usize)],
    pub(in crate::query::analysis) ordinality: bool,
    pub(in crate::query::analysis) column: usize,
}

impl<'t> FunctionColumn<'t> {
    /// The function whose one column this is. Where it ends before the others of ROWS FROM, the column is NULL.
    pub(in crate::query::analysis) fn find_function(self) -> Option<&'t Expr> {
        let mut before = self.column.checked_sub(1)?;
        for (function, width) in self.functions {
            match before.checked_sub(*width) {
                Some(rest) => before = rest,
                // A function of several columns gives rows, whose columns are not the function's
                // value.
                None => return (*width == 1).then_some(function),
            }
        }
        None
    }
}

/// Why values cannot be followed further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::query::analysis) enum Gap<'t> {
    /// A relation that the range table does not have.
    UnknownRelation,
    /// A relation that the catalog does not have.
    NotInCatalog,
    /// A WITH query that is not in reach.
    OutOfReach(&'t str),
    /// A relation of a kind that is not known here.
    NotUnderstood(&'t str),
    /// A system column of something that is no table.
    SystemColumn,
    /// A column that its query does not have.
    NoSuchColumn,
    /// A whole row, which has no values of its own.
    WholeRow,
    /// An arm of a set operation that is no subquery.
    Arm,
    /// A relation that rules or triggers give other rows for.
    Rewritten(&'t str),
    /// A recursion that did not settle.
    Endless,
}

impl fmt::Display for Gap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownRelation => f.write_str("a column of an unknown relation"),
            Self::NotInCatalog => f.write_str("a relation that the catalog does not have"),
            Self::OutOfReach(name) => write!(f, "`{name}` is not in reach"),
            Self::NotUnderstood(name) => write!(f, "`{name}` is not understood"),
            Self::SystemColumn => f.write_str("a system column of something that is no table"),
            Self::NoSuchColumn => f.write_str("a column that the query does not name"),
            Self::WholeRow => f.write_str("a whole row"),
            Self::Arm => f.write_str("an arm of a set operation that is not understood"),
            Self::Rewritten(name) => {
                write!(f, "a trigger or rule of `{name}` may give other rows")
            }
            Self::Endless => f.write_str("a recursion that does not settle"),
        }
    }
}

/// Finds the source of the columns of a relation of the query in `scope`.
pub(in crate::query::analysis) fn find_source<'t, 's>(
    scope: &'s QueryScope<'t, 's>,
    relation: &'t Relation,
    catalog: &'t Catalog,
) -> Source<'t, 's> {
    match &relation.kind {
        RelationKind::Table { oid, inherited } => match catalog.tables.get(oid) {
            Some(table) => find_stored(*oid, table, *inherited),
            None => Source::Unknown(Gap::NotInCatalog),
        },
        RelationKind::Subquery(query) => Source::Query(scope.inside(query)),
        RelationKind::Cte { name, levels_up } => match scope.cte(name, *levels_up) {
            // The scope is that of the WITH that names it, not of the query that reads it: outer
            // references count from there.
            Some((owner, cte)) if cte.recursive => Source::Recursive(owner.inside(&cte.query), cte),
            Some((owner, cte)) => Source::Query(owner.inside(&cte.query)),
            None => Source::Unknown(Gap::OutOfReach(name)),
        },
        RelationKind::Join(columns) | RelationKind::Group(columns) => Source::Expressions(columns),
        RelationKind::Values(rows) => Source::Values(rows),
        RelationKind::Functions {
            functions,
            ordinality,
        } => Source::Functions {
            functions,
            ordinality: *ordinality,
        },
        RelationKind::Unknown => Source::Unknown(Gap::NotUnderstood(&relation.name)),
    }
}

/// Finds the source of the columns of a relation as an expression at `stage` sees them.
///
/// Invariant: no condition of a view is used for a row that a statement wrote through it, because that row need not satisfy it.
pub(in crate::query::analysis) fn find_source_at<'t, 's>(
    scope: &'s QueryScope<'t, 's>,
    stage: Stage,
    relation: &'t Relation,
    catalog: &'t Catalog,
) -> Source<'t, 's> {
    let source = find_source(scope, relation, catalog);
    if !matches!(source, Source::View(_)) || !is_written(scope.query, stage, relation) {
        return source;
    }
    let written = match relation.kind {
        RelationKind::Table { oid, .. } => catalog.tables.get(&oid),
        _ => None,
    };
    let written = written.and_then(|view| view.written.as_deref());
    written.map_or(Source::Unknown(Gap::Rewritten(&relation.name)), |query| {
        Source::View(QueryScope::outermost(query))
    })
}

/// Whether the row of a relation is one that the statement writes, or that its conditions did not choose.
fn is_written(query: &QueryTree, stage: Stage, relation: &Relation) -> bool {
    let is = |number| {
        query
            .relation(number)
            .is_some_and(|found| std::ptr::eq(found, relation))
    };
    let is_target = is(query.result_relation);
    match query.statement {
        // Postgres adds the conditions of a view to an UPDATE, and not to an INSERT: the row that ON CONFLICT finds may be one that
        // the view does not show, and EXCLUDED is the row that INSERT would have written.
        StatementTree::Insert => is_target || is(query.excluded),
        StatementTree::Update | StatementTree::Merge => is_target && stage == Stage::Output,
        // The deleted row was one of the view.
        StatementTree::Delete | StatementTree::Select => false,
    }
}

fn find_stored<'s>(oid: u32, table: &CatalogRelation, inherited: bool) -> Source<'_, 's> {
    match &table.view {
        // A view sees nothing of the query that reads it.
        Some(view) => Source::View(QueryScope::outermost(view)),
        None => Source::Stored(Stored {
            oid,
            table,
            inherited,
            column: 0,
        }),
    }
}
