//! Which relations of a query give at most one row.
//!
//! A relation is single if a unique key of it is bound to what is fixed, or to columns of
//! relations that are single already: repeated until nothing changes. If all are, so is the
//! query: an outer join gives either a partner or NULL, never both.

use super::Counter;
use super::bindings::{self, Binding, Bindings, Equal, Value};
use super::fixed;
use crate::query::analysis::catalog::{Key, Table};
use crate::query::analysis::lineage::{Source, find_source};
use crate::query::analysis::scope::{self, Scope};
use crate::query::analysis::tree::{Expr, FromItem, QueryTree, Var};
use std::collections::HashMap;

/// A column of a subquery that is set equal to something fixed from outside.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    pub(super) column: i32,
    pub(super) equal: Equal,
}

/// What is known of the relations of one query.
#[derive(Debug, Default)]
pub(super) struct Singles {
    /// By relation: why it gives at most one row.
    evidence: HashMap<usize, String>,
    /// Columns that are the same in all rows, by relation and number, and the sense of it.
    fixed: HashMap<(usize, i32), Vec<Equal>>,
}

impl<'t> Counter<'t> {
    /// Looks at the relations of a query, some columns of which are bound from outside.
    pub(super) fn singles(&self, scope: &Scope<'t, '_>, bound: &[Bound]) -> Singles {
        let mut bindings = bindings::of(scope.query, self.catalog);
        bindings.all.extend(from_outside(scope.query, bound));
        let mut singles = Singles::default();
        let leaves = leaves(scope.query);
        loop {
            let known = singles.size();
            self.fix_columns(&bindings, &mut singles);
            for number in &leaves {
                let open = !singles.is_single(*number) && !bindings.doubled.contains(number);
                let evidence = open.then(|| self.relation(scope, *number, &singles));
                if let Some(evidence) = evidence.flatten() {
                    singles.evidence.insert(*number, evidence);
                }
            }
            if singles.size() == known {
                return singles;
            }
        }
    }

    fn fix_columns(&self, bindings: &Bindings, singles: &mut Singles) {
        for binding in &bindings.all {
            if self.is_fixed(binding, singles) {
                let column = (binding.column.relation, binding.column.column);
                let senses = singles.fixed.entry(column).or_default();
                if !senses.contains(&binding.equal) {
                    senses.push(binding.equal);
                }
            }
        }
    }

    fn is_fixed(&self, binding: &Binding, singles: &Singles) -> bool {
        let Value::Column(var) = binding.value else {
            return true;
        };
        let equality = &self.catalog.equality;
        let agrees = |sense: &Equal| {
            equality.agree(sense.function, binding.equal.function)
                && equality.is_deterministic(sense.collation)
                && equality.is_deterministic(binding.equal.collation)
        };
        singles.is_single(var.relation)
            || singles.senses(var.relation, var.column).iter().any(agrees)
    }

    /// Why a relation gives at most one row, if it does.
    fn relation(&self, scope: &Scope<'t, '_>, number: usize, singles: &Singles) -> Option<String> {
        let relation = scope.query.relation(number)?;
        if !singles.has(scope.query, &fixed::lateral(&relation.kind)?) {
            return None;
        }
        let bound = singles.bound(number);
        match find_source(scope, relation, self.catalog) {
            Source::Stored(stored) => {
                let table = stored.table;
                let key = usable_keys(table, stored.inherited)
                    .find(|key| self.missing(key, number, singles).is_empty())?;
                Some(format!("{} is bound by `=`", written(table, key)))
            }
            Source::View(query) | Source::Query(query) => self.at_most_one(&query, &bound),
            Source::Values(rows) => (rows.len() == 1).then(|| "VALUES has one row".to_owned()),
            Source::Functions { functions, .. } => functions
                .iter()
                .all(|(function, _)| gives_one_row(function))
                .then(|| format!("the function `{}` gives one row", relation.name)),
            Source::Recursive(..) | Source::Expressions(_) | Source::Unknown(_) => None,
        }
    }

    /// The columns of a key that nothing fixes.
    pub(super) fn missing(&self, key: &Key, relation: usize, singles: &Singles) -> Vec<i32> {
        let equality = &self.catalog.equality;
        let columns = key.columns.iter().filter(|column| {
            let mut senses = singles.senses(relation, column.number).iter();
            !senses.any(|sense| equality.decides(sense.function, sense.collation, **column))
        });
        columns.map(|column| column.number).collect()
    }
}

impl Singles {
    fn size(&self) -> usize {
        self.evidence.len() + self.fixed.values().map(Vec::len).sum::<usize>()
    }

    pub(super) fn is_single(&self, relation: usize) -> bool {
        self.evidence.contains_key(&relation)
    }

    /// In which senses a column is the same in all rows.
    pub(super) fn senses(&self, relation: usize, column: i32) -> &[Equal] {
        self.fixed
            .get(&(relation, column))
            .map_or(&[], Vec::as_slice)
    }

    /// Why one relation gives at most one row.
    pub(super) fn of(&self, relation: usize) -> Option<String> {
        self.evidence.get(&relation).cloned()
    }

    /// Why all of FROM gives at most one row.
    pub(super) fn of_all(&self, query: &QueryTree) -> Option<String> {
        query.from.as_ref()?;
        let each: Option<Vec<String>> = leaves(query)
            .into_iter()
            .map(|relation| self.of(relation))
            .collect();
        let each = each?;
        if each.is_empty() {
            return Some("a SELECT without FROM has one row".to_owned());
        }
        Some(each.join("; "))
    }

    /// Whether the columns are all of single relations.
    fn has(&self, query: &QueryTree, columns: &[Var]) -> bool {
        columns
            .iter()
            .all(|var| self.is_single(scope::underlying(query, *var).relation))
    }

    /// What is fixed of one relation.
    fn bound(&self, relation: usize) -> Vec<Bound> {
        let columns = self.fixed.iter().filter(|((of, _), _)| *of == relation);
        columns
            .flat_map(|((_, column), senses)| {
                let column = *column;
                senses.iter().map(move |equal| Bound {
                    column,
                    equal: *equal,
                })
            })
            .collect()
    }
}

/// Bindings of a query's own columns that follow from those of its result.
fn from_outside(query: &QueryTree, bound: &[Bound]) -> Vec<Binding> {
    let bindings = bound.iter().filter_map(|bound| {
        let number = usize::try_from(bound.column).ok()?;
        let target = query.columns().find(|target| target.number == number)?;
        Some(Binding {
            column: bindings::own_column(query, &target.expr)?,
            value: Value::Fixed,
            equal: bound.equal,
        })
    });
    bindings.collect()
}

/// The relations that FROM joins.
pub(super) fn leaves(query: &QueryTree) -> Vec<usize> {
    let mut found = Vec::new();
    for item in query.from.iter().flatten() {
        collect(item, &mut found);
    }
    found
}

fn collect(item: &FromItem, found: &mut Vec<usize>) {
    match item {
        FromItem::Relation(number) => found.push(*number),
        FromItem::Join { left, right, .. } => {
            collect(left, found);
            collect(right, found);
        }
    }
}

/// The keys of a table; rows of its children are not among what they compare.
pub(super) fn usable_keys(table: &Table, inherited: bool) -> impl Iterator<Item = &Key> {
    let usable = !(inherited && table.has_children);
    table.keys.iter().filter(move |_| usable)
}

/// A key for people: its columns and what it is called.
pub(super) fn written(table: &Table, key: &Key) -> String {
    let columns: Vec<String> = key
        .columns
        .iter()
        .map(|column| column_of(table, column.number))
        .collect();
    format!("{} ({} `{}`)", columns.join(", "), key.kind, key.name)
}

/// A column for people.
pub(super) fn column_of(table: &Table, number: i32) -> String {
    let column = table.columns.get(&number);
    let column = column.map_or("?", |column| column.name.as_str());
    format!("`{}.{column}`", table.name)
}

fn gives_one_row(function: &Expr) -> bool {
    match function {
        Expr::Call(call) => !call.set,
        Expr::SqlValue(_) => true,
        _ => false,
    }
}
