//! The join tree: which relations an outer join can fill with NULL, and the facts that WHERE and the ON of
//! inner joins prove.
//!
//! An outer join whose nullable side must be there, because a condition above it could not hold
//! otherwise, counts as an inner one, and its own ON then proves more: repeated until nothing changes.

use super::expression::Present;
use super::facts::{self, Fact};
use super::predicates::Conditions;
use super::rows;
use crate::query::analysis::catalog::Catalog;
use crate::query::analysis::scope::QueryScope;
use crate::query::analysis::tree::{Expr, FromItem, JoinKind};
use std::collections::HashMap;

/// The facts of the FROM and WHERE of one query.
#[derive(Debug, Default)]
pub(super) struct Joins<'t> {
    /// Not NULL in every row that WHERE lets through.
    pub(super) facts: Vec<Fact<'t>>,
    /// Not NULL in every group that HAVING lets through.
    pub(super) having: Vec<Fact<'t>>,
    /// By relation: the outer joins that can fill it with NULL.
    nulled: HashMap<usize, Nulled>,
    /// Those that are FULL whatever conditions say.
    pub(super) full: Vec<FullJoin>,
    /// Whether FROM holds something that is not understood.
    pub(super) unknown: bool,
}

/// A FULL JOIN: in each of its rows one side is there, or both are.
#[derive(Clone, Debug)]
pub(super) struct FullJoin {
    /// The relation number of the join.
    pub(super) join: usize,
    /// The relations below each side.
    pub(super) sides: [Vec<usize>; 2],
}

/// Why a relation can be filled with NULL.
#[derive(Clone, Debug, Default)]
pub(super) struct Nulled {
    /// The relation numbers of the joins.
    pub(super) joins: Vec<usize>,
    /// As SQL calls the outermost of them.
    pub(super) word: &'static str,
}

/// Reads the joins of one query, without those of its subqueries.
pub(super) fn read_joins<'t>(scope: &QueryScope<'t, '_>, catalog: &'t Catalog) -> Joins<'t> {
    let query = scope.query;
    let conditions = Conditions { query, catalog };
    let prove = |condition: &'t Option<Expr>| {
        condition
            .as_ref()
            .map_or_else(Vec::new, |condition| conditions.when_true(condition))
    };
    let mut joins = Joins {
        facts: prove(&query.filter),
        having: prove(&query.having),
        unknown: query.from.is_none(),
        ..Joins::default()
    };
    // A fixpoint: an ON that starts to count proves more facts, which can turn further outer joins
    // into inner ones. Facts only grow and are parts of one tree, so it ends.
    loop {
        let known = joins.facts.len();
        // Computed again from the facts of this round, because a join that became an inner one
        // fills nothing.
        joins.nulled.clear();
        joins.full.clear();
        for item in query.from.iter().flatten() {
            joins.visit(item, (scope, conditions), &Nulled::default());
        }
        if joins.facts.len() == known {
            return joins;
        }
    }
}

impl<'t> Joins<'t> {
    /// The outer joins that can fill a relation with NULL.
    pub(super) fn nulled(&self, relation: usize) -> Option<&Nulled> {
        self.nulled.get(&relation)
    }

    fn visit(
        &mut self,
        item: &'t FromItem,
        within: (&QueryScope<'t, '_>, Conditions<'t>),
        above: &Nulled,
    ) {
        let (scope, conditions) = within;
        let (kind, left, right, on, relation) = match item {
            FromItem::Relation(number) => {
                if !above.joins.is_empty() {
                    self.nulled.insert(*number, above.clone());
                }
                return;
            }
            FromItem::Join {
                kind,
                left,
                right,
                on,
                relation,
                ..
            } => (kind, left, right, on, *relation),
        };
        let always = on.as_ref().is_none_or(is_true);
        let there = |side| {
            self.must_be_there(side)
                // A side with a row is found only if ON accepts it, and only `ON true` certainly
                // does.
                || always && rows::item_gives_a_row(scope, side, conditions.catalog)
        };
        // `LEFT JOIN LATERAL (SELECT count(*) …) ON true` finds a row for each.
        let kind = reduce(*kind, there(left), there(right));
        // Below the nullable side of an outer join, ON holds only in the rows that were not filled
        // with NULL.
        if let (JoinKind::Inner, true, Some(on)) = (kind, above.joins.is_empty(), on) {
            facts::add(&mut self.facts, conditions.when_true(on));
        }
        if kind == JoinKind::Full {
            self.full.push(FullJoin {
                join: relation,
                sides: [left.relations(), right.relations()],
            });
        }
        let (left_word, right_word) = words(kind);
        self.visit(left, within, &below(above, left_word, relation));
        self.visit(right, within, &below(above, right_word, relation));
    }

    /// Whether a condition holds only if a row of this side is there.
    fn must_be_there(&self, side: &FromItem) -> bool {
        let relations = side.relations();
        self.facts.iter().any(|fact| match fact {
            // A parameter or an expression proves no row: `COALESCE(b.x, 1)` is not NULL where `b`
            // is missing.
            Fact::Column(var) => var.levels_up == 0 && relations.contains(&var.relation),
            _ => false,
        })
    }
}

fn is_true(condition: &Expr) -> bool {
    matches!(condition, Expr::Const(value) if value.is_true())
}

/// The join without the cases that conditions rule out.
fn reduce(kind: JoinKind, left: bool, right: bool) -> JoinKind {
    match (kind, left, right) {
        (JoinKind::Left, _, true)
        | (JoinKind::Right, true, _)
        | (JoinKind::Full, true, true)
        | (JoinKind::Inner, _, _) => JoinKind::Inner,
        (JoinKind::Left, _, false) | (JoinKind::Full, true, false) => JoinKind::Left,
        (JoinKind::Right, false, _) | (JoinKind::Full, false, true) => JoinKind::Right,
        (JoinKind::Full, false, false) => JoinKind::Full,
    }
}

/// Adds that both sides of each LEFT and RIGHT JOIN are there.
pub(super) fn add_sides(item: &FromItem, present: &mut Vec<Present>) {
    if let FromItem::Join {
        kind,
        left,
        right,
        relation,
        ..
    } = item
    {
        if *kind != JoinKind::Full {
            present.push(Present {
                join: *relation,
                relations: item.relations(),
            });
        }
        add_sides(left, present);
        add_sides(right, present);
    }
}

/// The joins that fill the left and the right side with NULL, as SQL calls them.
fn words(kind: JoinKind) -> (Option<&'static str>, Option<&'static str>) {
    match kind {
        JoinKind::Inner => (None, None),
        JoinKind::Left => (None, Some("LEFT JOIN")),
        JoinKind::Right => (Some("RIGHT JOIN"), None),
        JoinKind::Full => (Some("FULL JOIN"), Some("FULL JOIN")),
    }
}

fn below(above: &Nulled, word: Option<&'static str>, join: usize) -> Nulled {
    let mut nulled = above.clone();
    if let Some(word) = word {
        // The outermost join is named: a change of an inner one alone would not make the column NOT
        // NULL.
        if nulled.joins.is_empty() {
            nulled.word = word;
        }
        nulled.joins.push(join);
    }
    nulled
}
