//! Columns that change in a way that Postgres refuses while something reads them.

use super::again::Again;
use crate::query::lexer::{TokenKind, identifier, tokens};
use crate::schema::Schema;
use crate::schema::dump::nodes::{Node, parts};
use crate::schema::model::{
    Column, Constraint, ConstraintKind, ObjectId, Position, StatementKind, Table,
};
use std::collections::{BTreeMap, BTreeSet};

/// The tables of both schemas, each with its counterpart, those that others inherit from first.
pub(super) fn both<'a>(
    old: &'a Schema,
    new: &'a Schema,
) -> impl Iterator<Item = (&'a Table, &'a Table)> {
    let pairs = old.tables.iter().filter_map(|before| {
        let after = new.tables.iter().find(|after| after.name == before.name)?;
        Some((before, after))
    });
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort_by_key(|(before, after)| depth(old, before, 0).max(depth(new, after, 0)));
    pairs.into_iter()
}

/// How many tables stand above the table; no chain is as long as the list of all.
fn depth(schema: &Schema, table: &Table, steps: usize) -> usize {
    let above = schema.tables.iter().filter(|other| is_parent(other, table));
    let above = above.filter(|_| steps < schema.tables.len());
    above
        .map(|parent| depth(schema, parent, steps + 1) + 1)
        .max()
        .unwrap_or(0)
}

/// Whether the one is a partition of the other, or inherits from it.
pub(super) fn is_parent(parent: &Table, table: &Table) -> bool {
    let partition = table.partition.as_ref();
    partition.is_some_and(|partition| partition.of == parent.name.sql)
        || table.inherits.contains(&parent.name.sql)
}

/// The columns that go away, have another type, or are computed anew.
pub(super) fn touched(before: &Table, after: &Table, again: &Again) -> BTreeSet<String> {
    let stays = |column: &&Column| {
        let other = after.columns.iter().find(|other| other.name == column.name);
        other.is_some_and(|other| !again.rewrites(column, other))
    };
    let touched = before.columns.iter().filter(|column| !stays(column));
    let touched = touched.map(|column| column.name.clone());
    touched.chain(remade(before, after, again)).collect()
}

/// Generated columns that Postgres cannot alter: they are dropped, added, and computed anew.
pub(super) fn remade(before: &Table, after: &Table, again: &Again) -> BTreeSet<String> {
    let find = |name: &str| before.columns.iter().find(|former| former.name == name);
    let rewritten = after
        .columns
        .iter()
        .filter(|column| find(&column.name).is_some_and(|former| again.rewrites(former, column)));
    let rewritten: Vec<&str> = rewritten.map(|column| column.name.as_str()).collect();
    let remade = after.columns.iter().filter(|column| {
        let (Some(former), Some(expression)) = (find(&column.name), &column.generated) else {
            return false;
        };
        let reads = |name: &&str| **name != column.name && mentions(expression, name);
        again.rewrites(former, column)
            || rewritten.iter().any(reads)
            || former.generated.is_some() && again.goes(&former.default_needs)
    });
    remade.map(|column| column.name.clone()).collect()
}

/// Whether a primary key changes, from which Postgres may conclude how rows are grouped.
pub(super) fn is_keyed_otherwise(before: &Table, after: &Table, again: &Again) -> bool {
    let key = |table: &Table| {
        let mut keys = table.constraints.iter();
        let key = keys
            .find(|key| key.kind == ConstraintKind::PrimaryKey)
            .cloned();
        key.map(|key| (key.name.clone(), names(table, &key.columns)))
    };
    let touched = touched(before, after, again);
    let is_touched = |(_, names): (_, Vec<String>)| names.iter().any(|name| touched.contains(name));
    key(before) != key(after) || key(before).is_some_and(is_touched)
}

/// The names of columns.
pub(super) fn names(table: &Table, columns: &[Position]) -> Vec<String> {
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
    let own = names(table, &constraint.columns);
    own.iter().any(|name| columns.contains(name))
}

/// Whether the object reads a touched column, or groups by a key that changes.
pub(super) fn reads(
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
            text.contains(&table.sql) && columns.iter().any(|column| mentions(text, column))
        });
    }
    let needs = &parts(node).2.needs;
    let columns = needs.iter().filter_map(|need| touched.get(need)).flatten();
    let groups = text.contains("GROUP BY") && needs.iter().any(|need| keyed.contains(need));
    groups || columns.into_iter().any(|column| mentions(text, column))
}

/// Whether the name stands in the text as a word.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    tokens(text).into_iter().any(|token| {
        let word = &text[token.range];
        match token.kind {
            TokenKind::Word => word == name,
            TokenKind::QuotedIdentifier => identifier(word) == name,
            _ => false,
        }
    })
}
