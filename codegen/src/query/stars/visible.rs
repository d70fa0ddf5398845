//! The columns of FROM, each with the names by which the statement can refer to it.

use crate::query::analysis::tree::{
    Expr, FromItem, QueryTree, Relation, RelationKind, StatementTree,
};
use crate::query::pg_types::FIRST_NORMAL_OID;
use crate::query::{TypeCatalog, TypeKind};

/// A column that `*` gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct VisibleColumn {
    pub(super) name: String,
    /// The ways to refer to it; a merged column of USING has those of both sides.
    pub(super) references: Vec<ColumnReference>,
}

/// One way to refer to a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ColumnReference {
    /// The qualifier before the dot; none for a column that only its own name identifies.
    pub(super) qualifier: Option<String>,
    /// The relation and column that the tree says then.
    pub(super) relation: usize,
    pub(super) column: i32,
}

/// The columns of everything in FROM, and of the table that is written to; none if FROM holds something unknown.
pub(super) fn visible_columns(query: &QueryTree) -> Option<Vec<VisibleColumn>> {
    let target = query.result_relation;
    // RETURNING of an INSERT sees its table alone.
    if query.statement == StatementTree::Insert {
        return Some(of_relation(query.relation(target)?, target));
    }
    let items = query.from.as_ref()?;
    // UPDATE and DELETE have their table in FROM, MERGE has not.
    let missing = target > 0 && !items.iter().any(|item| item.relations().contains(&target));
    let target = missing.then_some(FromItem::Relation(target));
    let mut columns = Vec::new();
    for item in items.iter().chain(&target) {
        columns.extend(of_item(query, item)?);
    }
    Some(columns)
}

/// Whether FROM has nothing but plain values of Postgres's own functions, one column each: no migration changes those. They
/// stay as written, because all arrays of one `unnest` have the same name, and no other way to be referred to.
pub(super) fn are_fixed(query: &QueryTree, types: &TypeCatalog) -> bool {
    let is_plain = |oid| {
        let kind = types.get(oid).map(|found| &found.kind);
        matches!(
            kind,
            Some(
                TypeKind::Base
                    | TypeKind::Array(_)
                    | TypeKind::Enum(_)
                    | TypeKind::Range(_)
                    | TypeKind::Multirange
            )
        )
    };
    let is_fixed = |(call, columns): &(Expr, usize)| match call {
        Expr::Call(call) => {
            // A user's function can be replaced by a migration.
            *columns == 1 && call.function < FIRST_NORMAL_OID && is_plain(call.result)
        }
        _ => false,
    };
    // The mark of a block is a relation without columns.
    let mut relations = query
        .relations
        .iter()
        .filter(|relation| relation.existing_columns().next().is_some())
        .peekable();
    relations.peek().is_some()
        && relations.all(|relation| match &relation.kind {
            RelationKind::Functions { functions, .. } => functions.iter().all(is_fixed),
            _ => false,
        })
}

fn of_item(query: &QueryTree, item: &FromItem) -> Option<Vec<VisibleColumn>> {
    match item {
        FromItem::Relation(number) => Some(of_relation(query.relation(*number)?, *number)),
        FromItem::Join {
            left,
            right,
            relation,
            ..
        } => {
            let sides = (of_item(query, left)?, of_item(query, right)?);
            of_join(query.relation(*relation)?, *relation, sides)
        }
    }
}

fn of_relation(relation: &Relation, number: usize) -> Vec<VisibleColumn> {
    let columns = relation
        .existing_columns()
        .map(|(column, name)| VisibleColumn {
            name: name.to_owned(),
            references: vec![ColumnReference {
                qualifier: qualifier_of(relation),
                relation: number,
                column,
            }],
        });
    columns.collect()
}

/// The name of a relation, if the statement can use it: a subquery without an alias has none (16).
fn qualifier_of(relation: &Relation) -> Option<String> {
    let nameless = matches!(
        relation.kind,
        RelationKind::Subquery(_) | RelationKind::Values(_)
    );
    (relation.aliased || !nameless).then(|| relation.name.clone())
}

/// The columns of a join: those that USING merges, then the rest of the left, then of the right.
fn of_join(
    join: &Relation,
    number: usize,
    sides: (Vec<VisibleColumn>, Vec<VisibleColumn>),
) -> Option<Vec<VisibleColumn>> {
    let (mut left, mut right) = sides;
    let mut columns = Vec::new();
    for name in join.columns.iter().take(join.merged) {
        let take = |side: &mut Vec<VisibleColumn>| {
            let at = side.iter().position(|column| column.name == *name)?;
            // Removed, so that the rest of each side has no merged column.
            Some(side.remove(at).references)
        };
        // Both sides: the tree has the left column for a merged one, or the right one in a RIGHT JOIN (`buildMergedJoinVar`).
        let mut references = take(&mut left)?;
        references.extend(take(&mut right)?);
        columns.push(VisibleColumn {
            name: name.clone(),
            references,
        });
    }
    // The order of `transformJoinUsingClause`: merged columns, then the rest of each side ("Table Expressions").
    columns.append(&mut left);
    columns.append(&mut right);
    for (column, at) in columns.iter_mut().zip(1..) {
        column.references.push(ColumnReference {
            qualifier: None,
            relation: number,
            column: at,
        });
    }
    if !join.aliased {
        return Some(columns);
    }
    // An alias hides the names of both sides and may give the columns other ones.
    for (column, name) in columns.iter_mut().zip(&join.columns) {
        column.name.clone_from(name);
        for reference in &mut column.references {
            reference.qualifier = Some(join.name.clone());
        }
    }
    Some(columns)
}
