//! Bindings: the equalities of WHERE and ON that hold in the rows of a query.
//!
//! A condition of an outer join says something of the rows of its nullable side alone, so each binding knows the
//! relations that it is about; one about another relation is not collected.

use super::Counter;
use super::fixed;
use crate::query::analysis::scope::{self, QueryScope};
use crate::query::analysis::tree::{
    self, Boolean, Call, Expr, FromItem, JoinKind, QueryTree, RowVersion, Sublink, SublinkKind,
    Truth, Var,
};
use std::collections::HashSet;

/// By which function and collation two values are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Equal {
    pub(super) function: u32,
    pub(super) collation: u32,
}

/// The equality of `boolean`, `booleq` in `pg_proc.dat`: `WHERE live` says the same as `live = true`.
const BOOLEAN: Equal = Equal {
    function: 60,
    collation: 0,
};

/// The side of an equality that is about one relation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Subject<'t> {
    Column(Var),
    /// An expression over columns of one relation, as unique indexes have them.
    Expression {
        relation: usize,
        expr: &'t Expr,
    },
}

impl Subject<'_> {
    pub(super) fn relation(&self) -> usize {
        match self {
            Self::Column(var) => var.relation,
            Self::Expression { relation, .. } => *relation,
        }
    }
}

/// The other side of an equality.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum BoundValue {
    /// The same for all rows of the query.
    Fixed,
    /// Another column of the query.
    Column(Var),
}

/// An equality that is true in every row in which the subject's relation is not filled with NULL.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Binding<'t> {
    pub(super) subject: Subject<'t>,
    pub(super) value: BoundValue,
    pub(super) equal: Equal,
}

/// The bindings of one query.
#[derive(Debug, Default)]
pub(super) struct Bindings<'t> {
    pub(super) all: Vec<Binding<'t>>,
    /// Relations below a FULL JOIN, which gives a row for each side that has no partner.
    pub(super) doubled: HashSet<usize>,
}

/// Collects those of one query, without those of its subqueries.
pub(super) fn collect_bindings<'t>(
    scope: &QueryScope<'t, '_>,
    counter: &Counter<'t>,
) -> Bindings<'t> {
    let query = scope.query;
    let mut collector = Collector {
        scope,
        counter,
        bindings: Bindings::default(),
    };
    // WHERE is checked after all joins, so it excludes also the rows that an outer join filled.
    let everything: Vec<usize> = (1..=query.relations.len()).collect();
    if let Some(filter) = &query.filter {
        collector.read_condition(filter, &everything, false);
    }
    for item in query.from.iter().flatten() {
        collector.read_join(item);
    }
    collector.bindings
}

struct Collector<'t, 'c> {
    scope: &'c QueryScope<'t, 'c>,
    counter: &'c Counter<'t>,
    bindings: Bindings<'t>,
}

impl<'t> Collector<'t, '_> {
    fn read_join(&mut self, item: &'t FromItem) {
        let FromItem::Join {
            kind,
            left,
            right,
            on,
            ..
        } = item
        else {
            return;
        };
        let about = match kind {
            JoinKind::Inner => item.relations(),
            // Rows of the left side stay whether ON holds or not, so ON binds nothing there.
            JoinKind::Left => right.relations(),
            JoinKind::Right => left.relations(),
            // `ON true` finds a partner for each row, unless the other side has no row at all.
            JoinKind::Full if on.as_ref().is_some_and(is_true) => Vec::new(),
            JoinKind::Full => {
                self.bindings.doubled.extend(item.relations());
                Vec::new()
            }
        };
        if let Some(on) = on {
            self.read_condition(on, &about, false);
        }
        self.read_join(left);
        self.read_join(right);
    }

    /// The bindings that follow from a condition that holds, for the relations it is about. In the comparison of an IN, the columns of
    /// its subquery may be fixed.
    fn read_condition(&mut self, condition: &'t Expr, about: &[usize], in_fixed: bool) {
        match condition {
            // No case for OR: a row may be there by either side, so neither equality holds in all
            // rows.
            Expr::Boolean(Boolean::And, parts) => {
                for part in parts {
                    self.read_condition(part, about, in_fixed);
                }
            }
            Expr::Call(call) if self.is_equality(call) => {
                if let [left, right] = call.arguments.as_slice() {
                    // Either side can be the subject: `1 = id` and `a.id = b.id` bind as well.
                    self.bind(call, left, right, (about, in_fixed));
                    self.bind(call, right, left, (about, in_fixed));
                }
            }
            Expr::Sublink(sublink) if self.is_one_value(sublink) => {
                if let Some(test) = &sublink.test {
                    self.read_condition(test, about, true);
                }
            }
            _ => self.read_flag(condition, about),
        }
    }

    /// A column that is a condition itself, or its negation.
    fn read_flag(&mut self, condition: &'t Expr, about: &[usize]) {
        let flag = match condition {
            Expr::Boolean(Boolean::Not, parts) => match parts.as_slice() {
                [only] => only,
                _ => return,
            },
            // IS NOT TRUE lets two values pass, false and NULL, so it fixes nothing.
            Expr::TruthTest {
                argument,
                truth: Truth::True | Truth::False,
            } => argument,
            _ => condition,
        };
        let column = own_column(self.scope.query, flag);
        if let Some(column) = column.filter(|column| about.contains(&column.relation)) {
            self.bindings.all.push(Binding {
                subject: Subject::Column(column),
                value: BoundValue::Fixed,
                equal: BOOLEAN,
            });
        }
    }

    /// Whether the subquery of an IN gives one value, the same for all rows of the query. One that locks its rows may be
    /// run for each row, and then gives another row each time (SKIP LOCKED, or after a wait).
    fn is_one_value(&self, sublink: &'t Sublink) -> bool {
        let mut locks = false;
        tree::every_query(&sublink.query, &mut |query| locks |= query.locks);
        let inner = self.scope.inside(&sublink.query);
        sublink.kind == SublinkKind::Any
            && !locks
            && fixed::query(&sublink.query, 1, self.counter.catalog)
            && self.counter.at_most_one(&inner, &[]).is_some()
    }

    /// NULL must not be equal to anything: a row of NULLs that an outer join made is then excluded.
    fn is_equality(&self, call: &Call) -> bool {
        let catalog = self.counter.catalog;
        let function = catalog.functions.get(&call.function);
        function.is_some_and(|function| function.strict)
            && !call.set
            && catalog.equality.is_equality(call.function)
    }

    fn bind(
        &mut self,
        call: &Call,
        subject: &'t Expr,
        value: &Expr,
        (about, in_fixed): (&[usize], bool),
    ) {
        let query = self.scope.query;
        let Some(subject) = find_subject(query, subject) else {
            return;
        };
        // A column first: it may become fixed in a later round, which an expression never does.
        let value = match own_column(query, value) {
            Some(other) => BoundValue::Column(other),
            None if in_fixed && is_sublink_column(value) => BoundValue::Fixed,
            None if fixed::expression(value, self.counter.catalog) => BoundValue::Fixed,
            None => return,
        };
        // The subject's relation alone counts: the value's side is judged when it is asked whether
        // it is fixed.
        if about.contains(&subject.relation()) {
            let equal = Equal {
                function: call.function,
                collation: call.collation,
            };
            self.bindings.all.push(Binding {
                subject,
                value,
                equal,
            });
        }
    }
}

fn is_true(condition: &Expr) -> bool {
    matches!(condition, Expr::Const(value) if value.is_true())
}

fn is_sublink_column(mut expr: &Expr) -> bool {
    // `varchar` in an IN is relabelled to `text`, which changes no bytes.
    while let Expr::Relabel(argument) = expr {
        expr = argument;
    }
    matches!(expr, Expr::SublinkColumn(_))
}

/// The subject of an expression, if it is about one relation.
pub(super) fn find_subject<'t>(query: &QueryTree, expr: &'t Expr) -> Option<Subject<'t>> {
    if let Some(column) = own_column(query, expr) {
        return Some(Subject::Column(column));
    }
    let mut relations = HashSet::new();
    let known = add_relations(query, expr, &mut relations);
    let relation = relations.into_iter().next();
    match (known, relation) {
        // An expression over two relations is in no index, and one over none is a constant.
        (Some(1), Some(relation)) => Some(Subject::Expression { relation, expr }),
        _ => None,
    }
}

/// Adds the relations that an expression reads, and gives their number; none if it may read something else.
fn add_relations(query: &QueryTree, expr: &Expr, found: &mut HashSet<usize>) -> Option<usize> {
    match expr {
        Expr::Var(_) => drop(found.insert(own_column(query, expr)?.relation)),
        Expr::Sublink(_) | Expr::SublinkColumn(_) | Expr::Unknown(_) => return None,
        _ => {}
    }
    for child in tree::children(expr) {
        add_relations(query, child, found)?;
    }
    Some(found.len())
}

/// The column of a relation of this query that an expression is, through joins and groupings.
pub(super) fn own_column(query: &QueryTree, mut expr: &Expr) -> Option<Var> {
    while let Expr::Relabel(argument) = expr {
        expr = argument;
    }
    match expr {
        Expr::Var(var)
            // The whole row (0) compares by its own operator, and `old` or `new` is another row.
            if var.levels_up == 0 && var.column != 0 && var.version == RowVersion::Default =>
        {
            find_column(query, *var)
        }
        _ => None,
    }
}

/// The column itself, unless it is one that a join computes.
fn find_column(query: &QueryTree, var: Var) -> Option<Var> {
    let found = scope::underlying(query, var);
    match scope::stands_for(query, found) {
        // A change of type that keeps the value, as USING makes it.
        Some(Expr::Relabel(inner)) => own_column(query, inner),
        // The COALESCE of a FULL JOIN USING is a column of neither side.
        Some(_) => None,
        None => Some(found),
    }
}
