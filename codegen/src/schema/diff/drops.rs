//! What goes away as a whole, what rests on others first.

use super::again::Again;
use super::change::Script;
use super::objects::{Objects, name, word};
use crate::schema::dump::nodes::{Node, key, parts};
use std::collections::BTreeSet;

/// Drops what is not in the new schema, and what is created again; types go later.
pub(super) fn drop(script: &mut Script, before: &Objects<'_>, after: &Objects<'_>, again: &Again) {
    let goes = |key: &String| !after.has(key) || again.has(key);
    let going: Vec<Node<'_>> = before
        .by_key
        .iter()
        .filter(|(key, node)| {
            goes(key) && !is_type(node) && !goes_with_its_owner(node, before, after)
        })
        .map(|(_, node)| *node)
        .collect();
    let mut tables = Vec::new();
    for node in &outermost_first(going) {
        match node {
            Node::Table(table) => tables.push(table.name.sql.clone()),
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

/// Drops types, once nothing is of them any more.
pub(super) fn drop_types(script: &mut Script, before: &Objects<'_>, after: &Objects<'_>) {
    let going = before
        .by_key
        .iter()
        .filter(|(key, node)| is_type(node) && !after.has(key));
    for node in &outermost_first(going.map(|(_, node)| *node).collect()) {
        script.run(statement(node));
    }
}

fn statement(node: &Node<'_>) -> String {
    format!("DROP {} {};\n", word(node), name(node))
}

fn is_type(node: &Node<'_>) -> bool {
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
    let key = format!("relation {}", owned.table);
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
        let needed: BTreeSet<String> = nodes
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
