//! What has to be dropped and created again: what Postgres cannot alter, and what rests on it.

use super::objects::Objects;
use crate::query::lexer::{TokenKind, tokens};
use crate::schema::Schema;
use crate::schema::dump::nodes::{Node, parts};
use crate::schema::model::{Attached, Column, Function, Table, View};
use std::collections::{BTreeMap, BTreeSet};

/// Keys of objects of both schemas that are created again, and of those that can only be created once
/// all tables are what they shall be.
pub(super) struct Again {
    keys: BTreeSet<String>,
    gone: BTreeSet<String>,
    late: BTreeSet<String>,
}

impl Again {
    pub(super) fn between(old: &Schema, new: &Schema) -> Self {
        let (before, after) = (Objects::of(old), Objects::of(new));
        let gone = before
            .by_key
            .keys()
            .filter(|key| !after.has(key))
            .cloned()
            .collect();
        let mut again = Self {
            keys: BTreeSet::new(),
            gone,
            late: BTreeSet::new(),
        };
        for (key, node) in &before.by_key {
            if after
                .by_key
                .get(key)
                .is_some_and(|other| cannot_be_altered(node, other))
            {
                again.keys.insert(key.clone());
            }
        }
        let touched = touched(old, new);
        for (key, node) in &before.by_key {
            if after.has(key) && reads_touched(node, &touched) {
                again.keys.insert(key.clone());
            }
        }
        again.close(&before, &after);
        again.find_late(&before, &after, &changed_tables(old, new));
        again
    }

    /// Whether the object is dropped and created again.
    pub(super) fn has(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// Whether one of these goes away, if only for a moment.
    pub(super) fn goes(&self, needs: &[String]) -> bool {
        needs
            .iter()
            .any(|need| self.keys.contains(need) || self.gone.contains(need))
    }

    /// Whether the object can only be created after the tables were altered.
    pub(super) fn is_late(&self, key: &str) -> bool {
        self.late.contains(key)
    }

    /// Whether the column's default can only be set once late objects are there.
    pub(super) fn sets_later(&self, column: &Column) -> bool {
        let waits = column
            .default_needs
            .iter()
            .any(|need| self.late.contains(need));
        waits && column.default.is_some() && column.generated.is_none()
    }

    /// What rests on something that goes away goes with it. Tables stay: their parts are altered.
    fn close(&mut self, before: &Objects<'_>, after: &Objects<'_>) {
        loop {
            let more: Vec<String> = before
                .by_key
                .iter()
                .filter(|(key, node)| after.has(key) && !self.has(key) && can_go(node))
                .filter(|(_, node)| self.goes(&parts(node).2.needs))
                .map(|(key, _)| key.clone())
                .collect();
            if more.is_empty() {
                return;
            }
            self.keys.extend(more);
        }
    }

    fn find_late(&mut self, before: &Objects<'_>, after: &Objects<'_>, changed: &BTreeSet<String>) {
        self.late.extend(self.keys.iter().cloned());
        loop {
            let rests = |need: &String| changed.contains(need) || self.late.contains(need);
            let more: Vec<String> = after
                .by_key
                .iter()
                .filter(|(key, node)| !before.has(key) && !self.late.contains(*key) && can_go(node))
                .filter(|(_, node)| parts(node).2.needs.iter().any(rests))
                .map(|(key, _)| key.clone())
                .collect();
            if more.is_empty() {
                return;
            }
            self.late.extend(more);
        }
    }
}

/// Views, functions and the like hold no rows of their own.
fn can_go(node: &Node<'_>) -> bool {
    matches!(node, Node::View(_) | Node::Function(_) | Node::Statement(_))
}

fn cannot_be_altered(old: &Node<'_>, new: &Node<'_>) -> bool {
    match (old, new) {
        (Node::View(old), Node::View(new)) => !same_view(old, new),
        (Node::Function(old), Node::Function(new)) => {
            old.definition != new.definition && !can_be_replaced(old, new)
        }
        (Node::Statement(old), Node::Statement(new)) => {
            old.definition != new.definition
                || old.alteration != new.alteration
                || old.kind != new.kind
        }
        _ => false,
    }
}

fn same_view(old: &View, new: &View) -> bool {
    let bare = |view: &View| View {
        attached: Attached::default(),
        ..view.clone()
    };
    bare(old) == bare(new)
}

/// `CREATE OR REPLACE` takes another body, not another result or other names of parameters.
pub(super) fn can_be_replaced(old: &Function, new: &Function) -> bool {
    let head = |function: &Function| {
        let text = &function.definition;
        text.find("\n LANGUAGE").map(|end| text[..end].to_owned())
    };
    old.kind == new.kind && head(old).is_some() && head(old) == head(new)
}

/// The columns, by the key of their table, whose type changes or that go away.
fn touched(old: &Schema, new: &Schema) -> BTreeMap<String, BTreeSet<String>> {
    let mut touched = BTreeMap::new();
    for (before, after) in both(old, new) {
        let columns = before.columns.iter().filter(|column| {
            let same = |other: &&Column| other.name == column.name;
            after
                .columns
                .iter()
                .find(same)
                .is_none_or(|other| is_rewritten(column, other))
        });
        let names: BTreeSet<String> = columns.map(|column| column.name.clone()).collect();
        if !names.is_empty() {
            touched.insert(format!("relation {}", before.name.sql), names);
        }
    }
    touched
}

/// Whether Postgres refuses the change while something reads the column.
pub(super) fn is_rewritten(old: &Column, new: &Column) -> bool {
    old.data_type != new.data_type
        || old.collation != new.collation
        || new.generated.is_some() && old.generated != new.generated
}

/// The tables of both schemas, each with its counterpart.
pub(super) fn both<'a>(
    old: &'a Schema,
    new: &'a Schema,
) -> impl Iterator<Item = (&'a Table, &'a Table)> {
    old.tables.iter().filter_map(|before| {
        let after = new.tables.iter().find(|after| after.name == before.name)?;
        Some((before, after))
    })
}

fn changed_tables(old: &Schema, new: &Schema) -> BTreeSet<String> {
    let changed = both(old, new).filter(|(before, after)| {
        before.columns != after.columns || before.constraints != after.constraints
    });
    changed
        .map(|(table, _)| format!("relation {}", table.name.sql))
        .collect()
}

fn reads_touched(node: &Node<'_>, touched: &BTreeMap<String, BTreeSet<String>>) -> bool {
    let text = match node {
        Node::View(view) => &view.query,
        Node::Function(function) => &function.definition,
        Node::Statement(statement) => &statement.definition,
        _ => return false,
    };
    let (_, _, attached) = parts(node);
    let columns = attached.needs.iter().filter_map(|need| touched.get(need));
    columns.flatten().any(|column| mentions(text, column))
}

/// Whether the name stands in the text as a word.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    tokens(text).into_iter().any(|token| {
        let word = &text[token.range];
        match token.kind {
            TokenKind::Word => word == name,
            TokenKind::QuotedIdentifier => word.trim_matches('"').replace("\"\"", "\"") == name,
            _ => false,
        }
    })
}
