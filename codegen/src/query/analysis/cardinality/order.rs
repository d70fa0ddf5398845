//! Whether the columns of ORDER BY identify a row: whether two rows can have the same values in all of them.
//!
//! Values that are set equal to something bind a unique key, and a row at a place of the order is one whose columns are equal to
//! values. So the proof is that of "at most one row", with the columns of ORDER BY bound. NULL is equal to nothing: a column
//! that can be NULL binds no key, because a unique key lets many rows be NULL.

use super::Counter;
use super::bindings::{self, Equal};
use super::single::{BoundColumn, leaves, usable_keys};
use crate::query::analysis::catalog::{Catalog, CatalogKey, CatalogRelation};
use crate::query::analysis::scope::QueryScope;
use crate::query::analysis::tree::{QueryTree, RelationKind, StatementTree};
use crate::sql::identifier::write_identifier;
use serde::{Deserialize, Serialize};

/// A column of ORDER BY.
#[derive(Clone, Copy, Debug)]
pub(in crate::query::analysis) struct OrderedColumn {
    /// The number of its target.
    pub(in crate::query::analysis) number: usize,
    /// The number by which GROUP BY and DISTINCT refer to the same target.
    pub(in crate::query::analysis) group: usize,
    /// The OID of the operator by which values are equal.
    pub(in crate::query::analysis) equality: u32,
    /// The OID of the collation, if it is known.
    pub(in crate::query::analysis) collation: Option<u32>,
    pub(in crate::query::analysis) nullable: bool,
}

/// Whether ORDER BY identifies a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Uniqueness {
    /// It does, for this reason.
    Proved(String),
    /// Not proved; with these columns, as SQL names them, it would be, if there are any.
    Missing(Vec<String>),
}

/// Proves that the columns identify a row of a SELECT, or finds the columns that are missing.
pub(in crate::query::analysis) fn find_uniqueness<'t>(
    query: &'t QueryTree,
    catalog: &'t Catalog,
    columns: &[OrderedColumn],
) -> Uniqueness {
    let scope = QueryScope::outermost(query);
    let counter = Counter::new(catalog);
    let bound: Vec<BoundColumn> = columns
        .iter()
        .filter_map(|column| bind_column(column, catalog))
        .collect();
    // Groups first: their proof needs no key and holds for NULL too.
    let found = of_groups(query, columns).or_else(|| counter.at_most_one(&scope, &bound));
    if let Some(evidence) = found {
        return Uniqueness::Proved(evidence);
    }
    let missing = find_missing(&counter, &scope, (columns, &bound));
    Uniqueness::Missing(missing.unwrap_or_default())
}

fn bind_column(column: &OrderedColumn, catalog: &Catalog) -> Option<BoundColumn> {
    if column.nullable {
        return None;
    }
    let function = catalog.equality.function_of(column.equality);
    Some(BoundColumn {
        column: i32::try_from(column.number).ok()?,
        equal: Equal {
            function,
            collation: column.collation?,
        },
    })
}

/// Rows of different groups differ in a column of GROUP BY, and distinct rows in one of theirs. NULL is a group too.
fn of_groups(query: &QueryTree, columns: &[OrderedColumn]) -> Option<String> {
    // A set among the columns multiplies rows after grouping, but before DISTINCT; the cautious
    // answer serves both.
    if query.expands || query.set_operations.is_some() {
        return None;
    }
    let has_all = |groups: &[usize]| {
        let mut each = groups.iter();
        // `all` of nothing is true, and a query without GROUP BY has no groups.
        !groups.is_empty() && each.all(|group| columns.iter().any(|column| column.group == *group))
    };
    if !query.distinct_on && has_all(&query.distinct) {
        return Some("rows are DISTINCT, and ORDER BY has all columns".to_owned());
    }
    (!query.grouping_sets && has_all(&query.group_by))
        .then(|| "ORDER BY has all columns of GROUP BY".to_owned())
}

/// The columns of the first relation that is not identified, of the key that lacks the fewest.
fn find_missing<'t>(
    counter: &Counter<'t>,
    scope: &QueryScope<'t, '_>,
    (columns, bound): (&[OrderedColumn], &[BoundColumn]),
) -> Option<Vec<String>> {
    let query = scope.query;
    // Elsewhere a further column in ORDER BY would not be allowed or would not help.
    let is_plain = query.statement == StatementTree::Select
        && query.set_operations.is_none()
        && query.group_by.is_empty()
        && query.distinct.is_empty()
        && !query.expands;
    if !is_plain {
        return None;
    }
    let singles = counter.singles(scope, bound);
    let open = leaves(query)
        .into_iter()
        .find(|relation| !singles.is_single(*relation))?;
    let relation = query.relation(open)?;
    let RelationKind::Table { oid, inherited } = relation.kind else {
        return None;
    };
    let table = counter.catalog.tables.get(&oid)?;
    // A unique key with NULL in it lets rows repeat ("Unique Constraints"), and a cursor
    // would skip them.
    let keys = usable_keys(table, inherited).filter(|key| never_null(table, key));
    let missing = keys.map(|key| counter.missing(query, key, (open, &singles)));
    let missing = missing.min_by_key(Vec::len)?;
    // A column that is there already can be NULL, as by a FULL JOIN: once more would not help.
    let ordered = ordered_columns(query, columns, open);
    if missing
        .iter()
        .any(|column| ordered.contains(&column.number))
    {
        return None;
    }
    let names = missing.into_iter().map(|column| {
        let name = usize::try_from(column.number - 1).ok();
        let name = name.and_then(|index| relation.columns.get(index))?;
        let relation = write_identifier(&relation.name);
        Some(format!("{relation}.{}", write_identifier(name)))
    });
    names.collect()
}

/// The columns of one relation that ORDER BY has, by number.
fn ordered_columns(query: &QueryTree, columns: &[OrderedColumn], relation: usize) -> Vec<i32> {
    let targets = query.targets.iter();
    let ordered = targets.filter(|target| columns.iter().any(|c| c.number == target.number));
    let found = ordered.filter_map(|target| bindings::own_column(query, &target.expr));
    let own = found.filter(|column| column.relation == relation);
    own.map(|column| column.column).collect()
}

/// Whether all columns of a key are NOT NULL columns, so that they identify every row.
fn never_null(table: &CatalogRelation, key: &CatalogKey) -> bool {
    key.columns.iter().all(|column| {
        let found = table.columns.get(&column.number);
        column.expression.is_none() && found.is_some_and(|found| found.not_null)
    })
}
