//! Which relations of a query give at most one row.
//!
//! A relation is single if a unique key of it is bound to fixed values, or to columns of
//! relations that are single already: repeated until nothing changes. If all are, so is the
//! query: an outer join gives either a partner or NULL, never both.

use super::Counter;
use super::bindings::{self, Binding, Bindings, BoundValue, Equal, Subject};
use super::fixed;
use crate::query::analysis::catalog::{CatalogKey, CatalogRelation, KeyColumn};
use crate::query::analysis::lineage::{Source, find_source};
use crate::query::analysis::scope::{self, QueryScope};
use crate::query::analysis::tree::{self, Expr, FromItem, QueryTree, StatementTree, Var};
use std::collections::HashMap;

/// A column of a subquery that is set equal to something fixed from outside.
#[derive(Clone, Copy, Debug)]
pub(super) struct BoundColumn {
    pub(super) column: i32,
    pub(super) equal: Equal,
}

/// The facts about the relations of one query.
#[derive(Debug, Default)]
pub(super) struct Singles<'t> {
    /// By relation: why it gives at most one row.
    evidence: HashMap<usize, String>,
    /// Columns that are the same in all rows, by relation and number, and the sense of it.
    fixed: HashMap<(usize, i32), Vec<Equal>>,
    /// Expressions over columns of one relation that are the same in all rows.
    expressions: Vec<(usize, &'t Expr, Equal)>,
}

impl<'t> Counter<'t> {
    /// Looks at the relations of a query, some columns of which are bound from outside.
    pub(super) fn singles(&self, scope: &QueryScope<'t, '_>, bound: &[BoundColumn]) -> Singles<'t> {
        let mut bindings = bindings::collect_bindings(scope, self);
        bindings.all.extend(from_outside(scope.query, bound));
        let mut singles = Singles::default();
        let leaves = leaves(scope.query);
        // A fixpoint: each round needs what the one before proved, as in a chain of joins. Facts
        // are only added and are finite in number.
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

    fn fix_columns(&self, bindings: &Bindings<'t>, singles: &mut Singles<'t>) {
        for binding in &bindings.all {
            if !self.is_fixed(binding, singles) {
                continue;
            }
            match binding.subject {
                Subject::Column(var) => {
                    let column = (var.relation, var.column);
                    let senses = singles.fixed.entry(column).or_default();
                    if !senses.contains(&binding.equal) {
                        senses.push(binding.equal);
                    }
                }
                Subject::Expression { relation, expr } => {
                    let found = (relation, expr, binding.equal);
                    if !singles.expressions.contains(&found) {
                        singles.expressions.push(found);
                    }
                }
            }
        }
    }

    fn is_fixed(&self, binding: &Binding<'t>, singles: &Singles<'t>) -> bool {
        let BoundValue::Column(var) = binding.value else {
            return true;
        };
        let equality = &self.catalog.equality;
        let agrees = |sense: &Equal| {
            equality.agree(sense.function, binding.equal.function)
                // Values that are equal by a nondeterministic collation may differ by the other, so
                // the equality does not carry over.
                && equality.is_deterministic(sense.collation)
                && equality.is_deterministic(binding.equal.collation)
        };
        // The only row of a relation has one value in each column, in every sense of equality.
        singles.is_single(var.relation)
            || singles.senses(var.relation, var.column).iter().any(agrees)
    }

    /// Why a relation gives at most one row, if it does.
    fn relation(
        &self,
        scope: &QueryScope<'t, '_>,
        number: usize,
        singles: &Singles<'t>,
    ) -> Option<String> {
        let relation = scope.query.relation(number)?;
        // LATERAL runs it once for each row of the relations that it refers to, so those have to be
        // single.
        if !singles.has(scope.query, &fixed::lateral(&relation.kind)?) {
            return None;
        }
        let bound = singles.bound(number);
        match find_source(scope, relation, self.catalog) {
            Source::Stored(stored) => {
                let table = stored.table;
                let key = usable_keys(table, stored.inherited)
                    .find(|key| self.missing(scope.query, key, (number, singles)).is_empty())?;
                Some(format!("{} is bound by `=`", write_key(table, key)))
            }
            Source::View(query) | Source::Query(query) => self.at_most_one(&query, &bound),
            Source::Values(rows) => (rows.len() == 1).then(|| "VALUES has one row".to_owned()),
            // ROWS FROM gives as many rows as the longest of its functions.
            Source::Functions { functions, .. } => functions
                .iter()
                .all(|(function, _)| gives_one_row(function))
                .then(|| format!("the function `{}` gives one row", relation.name)),
            // A recursive step can add rows without end.
            Source::Recursive(..) | Source::Expressions(_) | Source::Unknown(_) => None,
        }
    }

    /// The columns of a key that nothing fixes.
    pub(super) fn missing(
        &self,
        query: &'t QueryTree,
        key: &'t CatalogKey,
        (relation, singles): (usize, &Singles<'t>),
    ) -> Vec<&'t KeyColumn> {
        let equality = &self.catalog.equality;
        let decides =
            |equal: &Equal, column| equality.decides(equal.function, equal.collation, column);
        let columns = key
            .columns
            .iter()
            .filter(|column| match &column.expression {
                None => {
                    // An equality of another family or collation may take two keys for equal that
                    // the index keeps apart.
                    let mut senses = singles.senses(relation, column.number).iter();
                    !senses.any(|sense| decides(sense, column))
                }
                Some(expression) => {
                    let mut fixed = singles.expressions.iter();
                    !fixed.any(|(of, expr, sense)| {
                        *of == relation
                            && decides(sense, column)
                            && is_of_index(query, expression, expr)
                    })
                }
            });
        columns.collect()
    }
}

/// Whether an expression of a query is that of an index, whose columns are of relation 1.
fn is_of_index(query: &QueryTree, index: &Expr, expr: &Expr) -> bool {
    tree::is_same_expression(index, expr, &|indexed, var| {
        let own = bindings::own_column(query, &Expr::Var(var));
        // The relation has been compared by the caller; in the index it is always number 1.
        own.is_some_and(|own| own.column == indexed.column)
    })
}

impl Singles<'_> {
    fn size(&self) -> usize {
        self.evidence.len()
            + self.expressions.len()
            + self.fixed.values().map(Vec::len).sum::<usize>()
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
        // An unknown FROM has no leaves, which is not the same as no FROM.
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

    /// The fixed columns of one relation.
    fn bound(&self, relation: usize) -> Vec<BoundColumn> {
        let columns = self.fixed.iter().filter(|((of, _), _)| *of == relation);
        columns
            .flat_map(|((_, column), senses)| {
                let column = *column;
                senses.iter().map(move |equal| BoundColumn {
                    column,
                    equal: *equal,
                })
            })
            .collect()
    }
}

/// Bindings of a query's own columns that follow from those of its result.
fn from_outside<'t>(query: &'t QueryTree, bound: &[BoundColumn]) -> Vec<Binding<'t>> {
    let bindings = bound.iter().filter_map(|bound| {
        let number = usize::try_from(bound.column).ok()?;
        // A column that is only there to sort by is bound by the order of a page.
        let targets = match query.statement {
            StatementTree::Select => &query.targets,
            _ => &query.returning,
        };
        let target = targets.iter().find(|target| target.number == number)?;
        Some(Binding {
            subject: bindings::find_subject(query, &target.expr)?,
            value: BoundValue::Fixed,
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

/// The keys of a table; rows of its children are not among those they compare.
pub(super) fn usable_keys(
    table: &CatalogRelation,
    inherited: bool,
) -> impl Iterator<Item = &CatalogKey> {
    // Unique constraints of a parent do not span its children ("Inheritance", Caveats); a
    // partitioned table's do, and `has_children` is false for it.
    let usable = !(inherited && table.has_children);
    table.keys.iter().filter(move |_| usable)
}

/// A key for people: its columns, its kind and its name.
pub(super) fn write_key(table: &CatalogRelation, key: &CatalogKey) -> String {
    let columns = key.columns.iter().map(|column| write_column(table, column));
    let columns: Vec<String> = columns.collect();
    format!("{} ({} `{}`)", columns.join(", "), key.kind, key.name)
}

/// A column or an expression of a key, for people.
pub(super) fn write_column(table: &CatalogRelation, column: &KeyColumn) -> String {
    if column.expression.is_some() {
        return format!("`{}`", column.definition);
    }
    let found = table.columns.get(&column.number);
    let name = found.map_or("?", |found| found.name.as_str());
    format!("`{}.{name}`", table.name)
}

fn gives_one_row(function: &Expr) -> bool {
    match function {
        // A function that gives no set gives one row in FROM, even if that row is NULL.
        Expr::Call(call) => !call.set,
        Expr::SqlValue(_) => true,
        _ => false,
    }
}
