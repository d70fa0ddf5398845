//! The changes that a query makes to the rows of tables, as far as its text says: which columns it assigns, which of them it
//! sets to NULL, and on which unique indexes it does not fail.

use super::catalog::{Catalog, CatalogKey};
use super::tree::{
    Arbiter, Expr, QueryTree, RelationKind, StatementTree, TargetEntry, Var, is_same_expression,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One change of the rows of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TableChange {
    /// The OID of the table; 0 if it is not known.
    pub(crate) relation: u32,
    pub(crate) kind: ChangeKind,
    /// The numbers of the assigned columns; 0 is any.
    pub(crate) columns: BTreeSet<i16>,
    /// The columns that are assigned the constant NULL.
    pub(crate) nulls: BTreeSet<i16>,
    pub(crate) arbiters: Arbiters,
}

/// The kinds of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum ChangeKind {
    Insert,
    Update,
    Delete,
}

impl ChangeKind {
    /// As SQL calls it.
    pub(crate) fn keyword(self) -> &'static str {
        match self {
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }
}

/// The unique indexes on which an INSERT does not fail, because ON CONFLICT catches the duplicate.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Arbiters {
    #[default]
    None,
    /// All that are checked at once.
    All,
    /// The constraint with this OID.
    Constraint(u32),
    /// The indexes of these names.
    Named(BTreeSet<String>),
}

/// The changes of one query, without those of its subqueries.
pub(super) fn list_changes(query: &QueryTree, catalog: &Catalog) -> Vec<TableChange> {
    // A SELECT that locks rows needs UPDATE too, and changes nothing.
    if query.statement == StatementTree::Select {
        return Vec::new();
    }
    let Some(RelationKind::Table { oid: relation, .. }) =
        query.relation(query.result_relation).map(|r| &r.kind)
    else {
        // Of a relation that is not known, nothing can be said but that something changes.
        return vec![TableChange {
            relation: 0,
            kind: ChangeKind::Update,
            columns: BTreeSet::from([0]),
            nulls: BTreeSet::new(),
            arbiters: Arbiters::None,
        }];
    };
    let permissions = query.permissions.iter();
    let of_target = permissions.filter(|permission| permission.relation == *relation);
    let changes = of_target.filter_map(|permission| {
        let kind = match permission.privilege {
            "INSERT" => ChangeKind::Insert,
            "UPDATE" => ChangeKind::Update,
            "DELETE" => ChangeKind::Delete,
            _ => return None,
        };
        Some(TableChange {
            relation: *relation,
            kind,
            columns: permission.columns.iter().copied().collect(),
            nulls: find_nulls(query, kind),
            arbiters: match kind {
                ChangeKind::Insert => find_arbiters(query, catalog),
                ChangeKind::Update => find_kept(query, catalog),
                ChangeKind::Delete => Arbiters::None,
            },
        })
    });
    changes.collect()
}

/// The unique indexes of the table that a query writes to.
fn target_keys<'c>(query: &QueryTree, catalog: &'c Catalog) -> &'c [CatalogKey] {
    catalog.target(query).map_or(&[][..], |table| &table.keys)
}

fn find_nulls(query: &QueryTree, kind: ChangeKind) -> BTreeSet<i16> {
    let assigned: &[TargetEntry] = match (query.statement, kind) {
        (StatementTree::Insert, ChangeKind::Insert)
        | (StatementTree::Update, ChangeKind::Update) => &query.targets,
        (StatementTree::Insert, ChangeKind::Update) => &query.assignments,
        // Two actions of a MERGE may assign NULL and a value to the same column.
        _ => &[],
    };
    let is_null =
        |target: &&TargetEntry| matches!(&target.expr, Expr::Const(found) if found.value.is_none());
    let nulls = assigned.iter().filter(is_null);
    nulls
        .filter_map(|target| i16::try_from(target.number).ok())
        .collect()
}

fn find_arbiters(query: &QueryTree, catalog: &Catalog) -> Arbiters {
    match &query.arbiter {
        None | Some(Arbiter::Unknown) => Arbiters::None,
        Some(Arbiter::Any) => Arbiters::All,
        Some(Arbiter::Constraint(oid)) => Arbiters::Constraint(*oid),
        Some(Arbiter::Elements(elements)) => {
            let keys = target_keys(query, catalog).iter();
            let chosen = keys.filter(|key| is_key_of(key, elements));
            Arbiters::Named(chosen.map(|key| key.name.clone()).collect())
        }
    }
}

/// The indexes of ON CONFLICT whose values DO UPDATE keeps: it assigns nothing to their columns but those of the row that was not
/// inserted, which are equal by the index itself.
fn find_kept(query: &QueryTree, catalog: &Catalog) -> Arbiters {
    let Arbiters::Named(names) = find_arbiters(query, catalog) else {
        return Arbiters::None;
    };
    let is_kept = |target: &TargetEntry| {
        matches!(&target.expr, Expr::Var(var) if var.levels_up == 0
            && var.relation == query.excluded
            && usize::try_from(var.column) == Ok(target.number))
    };
    let changed = query.assignments.iter().filter(|target| !is_kept(target));
    let changed: Vec<usize> = changed.map(|target| target.number).collect();
    let keys = target_keys(query, catalog).iter();
    let kept = keys.filter(|key| {
        let mut columns = key.columns.iter();
        let keeps = |number: i32| usize::try_from(number).is_ok_and(|n| !changed.contains(&n));
        // The columns of an expression are not listed.
        names.contains(&key.name) && columns.all(|c| c.number != 0 && keeps(c.number))
    });
    Arbiters::Named(kept.map(|key| key.name.clone()).collect())
}

/// Whether Postgres infers this index from the elements of ON CONFLICT: it has exactly these, in any order ("INSERT",
/// `index_column_name`). A WHERE there only lets it choose indexes with a predicate as well.
fn is_key_of(key: &CatalogKey, elements: &[Expr]) -> bool {
    let is_part = |element: &Expr| {
        let mut columns = key.columns.iter();
        columns.any(|column| match (&column.expression, element) {
            (None, Expr::Var(var)) => var.column == column.number,
            (Some(expression), element) => is_same_expression(expression, element, &is_same_column),
            _ => false,
        })
    };
    let has = |number: i32| {
        let mut elements = elements.iter();
        elements.any(|element| matches!(element, Expr::Var(var) if var.column == number))
    };
    let expressions = |found: usize| key.columns.iter().filter(|c| c.number == 0).count() == found;
    let plain = key.columns.iter().filter(|column| column.number != 0);
    let others = elements.iter().filter(|e| !matches!(e, Expr::Var(_)));
    elements.iter().all(is_part) && plain.map(|c| c.number).all(has) && expressions(others.count())
}

/// In the index, the table is relation 1; in the statement it may be another.
fn is_same_column(one: Var, other: Var) -> bool {
    one.column == other.column
}
