//! What goes away as a whole, what rests on others first.

use super::again::Again;
use super::aside::former;
use super::change::Script;
use super::objects::{Objects, name, word};
use crate::schema::dump::nodes::{Node, key, parts};
use crate::schema::model::{ObjectId, StatementKind};
use std::collections::BTreeSet;

/// Drops what rests on tables and views, and tables themselves.
pub(super) fn drop_relational(
    script: &mut Script,
    before: &Objects<'_>,
    after: &Objects<'_>,
    again: &Again,
) {
    let going = before.by_key.iter().filter(|(key, node)| {
        let goes = !after.has(key) || again.has(key);
        goes && again.is_relational(key)
            && !is_type(node)
            && !goes_with_its_owner(node, before, after)
    });
    let mut tables = Vec::new();
    for node in &outermost_first(going.map(|(_, node)| *node).collect()) {
        match node {
            Node::Table(table) if table.foreign.is_none() => tables.push(table.name.sql.clone()),
            Node::Sequence(item) => {
                let what = format!("where sequence {} stands", item.name.sql);
                script.lose(statement(node), what);
            }
            _ => script.run(statement(node)),
        }
    }
    if !tables.is_empty() {
        // In one statement they may refer to each other.
        let list = tables.join(", ");
        script.lose(
            format!("DROP TABLE {list};\n"),
            format!("the rows of {list}"),
        );
    }
}

/// Drops what rests on no table, except types and what columns may still be made of.
pub(super) fn drop_others(
    script: &mut Script,
    before: &Objects<'_>,
    after: &Objects<'_>,
    again: &Again,
) {
    let last = last(before, after, again);
    let going = before.by_key.iter().filter(|(key, node)| {
        let goes = !after.has(key) || again.has(key);
        goes && !again.is_relational(key) && !is_type(node) && !last.contains(*key)
    });
    for node in &outermost_first(going.map(|(_, node)| *node).collect()) {
        script.run(statement(node));
    }
}

/// Drops types, once nothing is of them any more.
pub(super) fn drop_types(
    script: &mut Script,
    before: &Objects<'_>,
    after: &Objects<'_>,
    again: &Again,
) {
    let last = last(before, after, again);
    let anew = |key: &ObjectId, node: &Node<'_>| is_type(node) && again.has(key);
    let going = before.by_key.iter();
    let going = going.filter(|(key, node)| last.contains(*key) || anew(key, node));
    for node in &outermost_first(going.map(|(_, node)| *node).collect()) {
        if anew(&key(node), node) {
            let former = former(parts(node).1);
            script.run(format!("DROP {} {former};\n", word(node)));
        } else {
            script.run(statement(node));
        }
    }
}

/// What is gone and columns may still be made of, with what that rests on.
fn last(before: &Objects<'_>, after: &Objects<'_>, again: &Again) -> BTreeSet<ObjectId> {
    let gone = |key: &ObjectId| !after.has(key) && !again.is_relational(key);
    let made = before.by_key.iter().filter(|(key, node)| {
        let is_type = is_type(node);
        !after.has(key) && (is_type || is_material(node) && gone(key))
    });
    let mut last: BTreeSet<ObjectId> = made.map(|(key, _)| key.clone()).collect();
    loop {
        let needs = last.iter().filter_map(|key| before.by_key.get(key));
        let needs = needs.flat_map(|node| parts(node).2.needs.iter());
        let more = needs.filter(|need| before.has(need) && gone(need) && !last.contains(*need));
        let more: Vec<ObjectId> = more.cloned().collect();
        if more.is_empty() {
            return last;
        }
        last.extend(more);
    }
}

/// What columns are made of besides types.
fn is_material(node: &Node<'_>) -> bool {
    use StatementKind::{AccessMethod, Collation, OperatorClass, RangeType, ShellType};
    let Node::Statement(item) = node else {
        return false;
    };
    matches!(
        item.kind,
        AccessMethod | Collation | OperatorClass | RangeType | ShellType
    )
}

fn statement(node: &Node<'_>) -> String {
    format!("DROP {} {};\n", word(node), name(node))
}

/// Types that can be called otherwise while a new one takes their place.
pub(super) fn is_type(node: &Node<'_>) -> bool {
    matches!(node, Node::Enum(_) | Node::Composite(_) | Node::Domain(_))
}

/// A sequence that a column owns goes with the column.
fn goes_with_its_owner(node: &Node<'_>, before: &Objects<'_>, after: &Objects<'_>) -> bool {
    let Node::Sequence(item) = node else {
        return false;
    };
    let Some(owned) = &item.owned_by else {
        return false;
    };
    let key = ObjectId::relation(owned.table.as_str());
    let has = |objects: &Objects<'_>| match objects.by_key.get(&key) {
        Some(Node::Table(table)) => table
            .columns
            .iter()
            .any(|column| column.sql == owned.column),
        _ => false,
    };
    has(before) && !has(after)
}

/// Each before what it needs; what needs each other, in any order.
fn outermost_first(mut nodes: Vec<Node<'_>>) -> Vec<Node<'_>> {
    let mut sorted = Vec::with_capacity(nodes.len());
    while !nodes.is_empty() {
        let needed: BTreeSet<ObjectId> = nodes
            .iter()
            .flat_map(|node| {
                let own = key(node);
                parts(node)
                    .2
                    .needs
                    .iter()
                    .filter(move |need| **need != own)
                    .cloned()
            })
            .collect();
        let free = |node: &Node<'_>| !needed.contains(&key(node));
        let (first, rest): (Vec<_>, Vec<_>) = nodes.iter().copied().partition(free);
        if first.is_empty() {
            sorted.extend(rest);
            break;
        }
        sorted.extend(first);
        nodes = rest;
    }
    sorted
}
