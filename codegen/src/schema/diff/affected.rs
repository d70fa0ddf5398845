//! Columns that change in a way that Postgres refuses while something reads them.

use super::recreated::Recreated;
use crate::schema::Schema;
use crate::schema::dump::nodes::{Node, parts};
use crate::schema::model::{
    Column, Constraint, ConstraintKind, ObjectId, Position, StatementKind, Table,
};
use crate::sql::lexer::{TokenKind, identifier, tokens};
use std::collections::{BTreeMap, BTreeSet};

/// The tables of both schemas, each with its counterpart, those that others inherit from first.
pub(super) fn kept_tables<'a>(
    old: &'a Schema,
    new: &'a Schema,
) -> impl Iterator<Item = (&'a Table, &'a Table)> {
    let pairs = old.tables.iter().filter_map(|before| {
        let after = new.tables.iter().find(|after| after.name == before.name)?;
        Some((before, after))
    });
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort_by_key(|(before, after)| {
        inheritance_depth(old, before, 0).max(inheritance_depth(new, after, 0))
    });
    pairs.into_iter()
}

/// The number of ancestors in the longest chain; no chain is as long as the list of all tables.
fn inheritance_depth(schema: &Schema, table: &Table, steps: usize) -> usize {
    let above = schema.tables.iter().filter(|other| is_parent(other, table));
    let above = above.filter(|_| steps < schema.tables.len());
    above
        .map(|parent| inheritance_depth(schema, parent, steps + 1) + 1)
        .max()
        .unwrap_or(0)
}

/// Whether the one is a partition of the other, or inherits from it.
pub(super) fn is_parent(parent: &Table, table: &Table) -> bool {
    let partition = table.partition.as_ref();
    partition.is_some_and(|partition| partition.of == parent.name.sql)
        || table.inherits.contains(&parent.name.sql)
}

/// The columns that are dropped, have another type, or are recomputed.
pub(super) fn affected_columns(
    before: &Table,
    after: &Table,
    recreated: &Recreated,
) -> BTreeSet<String> {
    let stays = |column: &&Column| {
        let other = after.columns.iter().find(|other| other.name == column.name);
        other.is_some_and(|other| !recreated.rewrites(column, other))
    };
    let touched = before.columns.iter().filter(|column| !stays(column));
    let touched = touched.map(|column| column.name.clone());
    touched
        .chain(recreated_columns(before, after, recreated))
        .collect()
}

/// Generated columns that Postgres cannot alter: they are dropped, added and recomputed.
pub(super) fn recreated_columns(
    before: &Table,
    after: &Table,
    recreated: &Recreated,
) -> BTreeSet<String> {
    let find = |name: &str| before.columns.iter().find(|former| former.name == name);
    let rewritten = after.columns.iter().filter(|column| {
        find(&column.name).is_some_and(|former| recreated.rewrites(former, column))
    });
    let rewritten: Vec<&str> = rewritten.map(|column| column.name.as_str()).collect();
    let remade = after.columns.iter().filter(|column| {
        let (Some(former), Some(expression)) = (find(&column.name), &column.generated) else {
            return false;
        };
        let reads = |name: &&str| **name != column.name && mentions_name(expression, name);
        recreated.rewrites(former, column)
            || rewritten.iter().any(reads)
            || former.generated.is_some() && recreated.drops_any(&former.default_needs)
    });
    remade.map(|column| column.name.clone()).collect()
}

/// Whether a primary key changes, from which Postgres may conclude how rows are grouped.
pub(super) fn primary_key_changes(before: &Table, after: &Table, recreated: &Recreated) -> bool {
    let key = |table: &Table| {
        let mut keys = table.constraints.iter();
        let key = keys
            .find(|key| key.kind == ConstraintKind::PrimaryKey)
            .cloned();
        key.map(|key| (key.name.clone(), column_names(table, &key.columns)))
    };
    let touched = affected_columns(before, after, recreated);
    let is_touched = |(_, names): (_, Vec<String>)| names.iter().any(|name| touched.contains(name));
    key(before) != key(after) || key(before).is_some_and(is_touched)
}

/// The names of columns.
pub(super) fn column_names(table: &Table, columns: &[Position]) -> Vec<String> {
    let named = |position: &Position| {
        let mut columns = table.columns.iter();
        columns.find(|column| column.number.0 == position.0)
    };
    let columns = columns.iter().filter_map(named);
    columns.map(|column| column.name.clone()).collect()
}

/// Whether one of the columns is the constraint's.
pub(super) fn has_one_of(
    table: &Table,
    constraint: &Constraint,
    columns: &BTreeSet<String>,
) -> bool {
    let own = column_names(table, &constraint.columns);
    own.iter().any(|name| columns.contains(name))
}

/// Whether the object reads an affected column, or groups by a key that changes.
pub(super) fn reads_affected(
    node: &Node<'_>,
    touched: &BTreeMap<ObjectId, BTreeSet<String>>,
    keyed: &BTreeSet<ObjectId>,
) -> bool {
    let text = match node {
        Node::View(view) => &view.query,
        Node::Function(function) => &function.definition,
        Node::Statement(statement) => &statement.definition,
        _ => return false,
    };
    if let Node::Statement(statement) = node
        && statement.kind == StatementKind::Publication
    {
        return touched.iter().any(|(table, columns)| {
            text.contains(&table.sql) && columns.iter().any(|column| mentions_name(text, column))
        });
    }
    let needs = &parts(node).2.needs;
    let columns = needs.iter().filter_map(|need| touched.get(need)).flatten();
    let groups = text.contains("GROUP BY") && needs.iter().any(|need| keyed.contains(need));
    groups
        || columns
            .into_iter()
            .any(|column| mentions_name(text, column))
}

/// Whether the text contains the name as a word.
pub(super) fn mentions_name(text: &str, name: &str) -> bool {
    tokens(text).into_iter().any(|token| {
        let word = &text[token.range];
        match token.kind {
            TokenKind::Word => word == name,
            TokenKind::QuotedIdentifier => identifier(word) == name,
            _ => false,
        }
    })
}
