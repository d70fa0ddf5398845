//! The location of an expression: its query and the queries around it.

use super::tree::{Cte, Expr, QueryTree, Relation, RelationKind, Var};

/// Which rows of its query an expression sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Stage {
    /// One row at a time, before it is grouped or written: in an aggregate's arguments, in FROM, and
    /// in assignments, which see the row as it was.
    Rows,
    /// The rows of the result: groups, where there are any, and in RETURNING the written rows.
    Output,
}

/// A query inside the queries around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct QueryScope<'t, 's> {
    pub(super) query: &'t QueryTree,
    pub(super) parent: Option<&'s QueryScope<'t, 's>>,
    /// Its stage in its parent.
    pub(super) within: Stage,
}

impl<'t, 's> QueryScope<'t, 's> {
    /// A query that is not inside another: a statement, or a view.
    pub(super) fn outermost(query: &'t QueryTree) -> Self {
        Self {
            query,
            parent: None,
            within: Stage::Output,
        }
    }

    /// A query inside this one, of which only the rows of this one's result matter.
    pub(super) fn inside(&'s self, query: &'t QueryTree) -> Self {
        self.inside_at(query, Stage::Output)
    }

    /// A query inside an expression of this one.
    pub(super) fn inside_at(&'s self, query: &'t QueryTree, within: Stage) -> Self {
        Self {
            query,
            parent: Some(self),
            within,
        }
    }

    /// The stage, in the query so many levels out, of an expression that is at `stage` here.
    pub(super) fn stage(&self, levels: usize, stage: Stage) -> Stage {
        match levels.checked_sub(1) {
            None => stage,
            // The subquery that is one level inside of the target knows at which stage it was
            // written there.
            Some(between) => self.up(between).map_or(Stage::Output, |scope| scope.within),
        }
    }

    /// The query so many levels out; 0 is this one.
    pub(super) fn up(&'s self, levels: usize) -> Option<&'s Self> {
        let mut scope = self;
        for _ in 0..levels {
            scope = scope.parent?;
        }
        Some(scope)
    }

    /// The query of a WITH clause, and the query that the clause belongs to.
    pub(super) fn cte(&'s self, name: &str, levels: usize) -> Option<(&'s Self, &'t Cte)> {
        let scope = self.up(levels)?;
        // Names of one WITH are unique: Postgres refuses a second ("specified more than once").
        let cte = scope.query.ctes.iter().find(|cte| cte.name == name)?;
        Some((scope, cte))
    }

    /// The relation a column belongs to, with the query it is in.
    pub(super) fn relation(&'s self, var: Var) -> Option<(&'s Self, &'t Relation)> {
        let scope = self.up(var.levels_up)?;
        Some((scope, scope.query.relation(var.relation)?))
    }
}

/// The column that a column of a grouping is; any other is itself. Grouping sets may put NULL in its place.
pub(in crate::query) fn ungrouped(query: &QueryTree, var: Var) -> Option<Var> {
    // Since 18, grouped columns refer to an entry of their own (RTE_GROUP); before, to the relation
    // itself.
    let RelationKind::Group(columns) = &query.relation(var.relation)?.kind else {
        return Some(var);
    };
    let index = usize::try_from(var.column).ok()?.checked_sub(1)?;
    match columns.get(index)? {
        Expr::Var(grouped) => Some(*grouped),
        _ => None,
    }
}

/// The column that a column of a join or of a grouping is, at any depth, if it is one.
pub(super) fn underlying(query: &QueryTree, mut var: Var) -> Var {
    // A join refers to relations before it, so this ends; the bound is for trees that lie.
    for _ in 0..query.relations.len() {
        let Some(Expr::Var(next)) = stands_for(query, var) else {
            break;
        };
        if var.levels_up != 0 {
            break;
        }
        var = *next;
    }
    var
}

/// The expression that a column of a join or of a grouping is.
pub(super) fn stands_for(query: &QueryTree, var: Var) -> Option<&Expr> {
    let index = usize::try_from(var.column).ok()?.checked_sub(1)?;
    match &query.relation(var.relation)?.kind {
        RelationKind::Join(columns) => columns.get(index),
        // Grouping sets put NULL in the place of the columns of GROUP BY.
        RelationKind::Group(columns) if !query.grouping_sets => columns.get(index),
        _ => None,
    }
}
