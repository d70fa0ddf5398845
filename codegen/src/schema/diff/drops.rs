//! Objects that are dropped, dependents first.

use super::change::Script;
use super::objects::{Objects, object_name, object_word};
use super::recreated::Recreated;
use super::renamed_types::renamed_type;
use crate::schema::dump::nodes::{Node, key, parts};
use crate::schema::model::{ObjectId, StatementKind};
use std::collections::BTreeSet;

/// Drops tables, views and the objects that depend on them.
pub(super) fn drop_relational(
    script: &mut Script,
    before: &Objects<'_>,
    after: &Objects<'_>,
    recreated: &Recreated,
) {
    let going = before.by_key.iter().filter(|(key, node)| {
        let goes = !after.has(key) || recreated.has(key);
        goes && recreated.is_relational(key)
            && !is_type(node)
            && !is_dropped_with_owner(node, before, after)
    });
    let mut tables = Vec::new();
    for node in &order_dependents_first(going.map(|(_, node)| *node).collect()) {
        match node {
            Node::Table(table) if table.foreign.is_none() => tables.push(table.name.sql.clone()),
            Node::Sequence(item) => {
                let lost = format!("the position of sequence {}", item.name.sql);
                script.run_losing(drop_statement(node), lost);
            }
            _ => script.run(drop_statement(node)),
        }
    }
    if !tables.is_empty() {
        // In one statement they may refer to each other.
        let list = tables.join(", ");
        script.run_losing(
            format!("DROP TABLE {list};\n"),
            format!("the rows of {list}"),
        );
    }
}

/// Drops objects that depend on no table, except types and whatever else columns may still use.
pub(super) fn drop_others(
    script: &mut Script,
    before: &Objects<'_>,
    after: &Objects<'_>,
    recreated: &Recreated,
) {
    let last = dropped_last(before, after, recreated);
    let going = before.by_key.iter().filter(|(key, node)| {
        let goes = !after.has(key) || recreated.has(key);
        goes && !recreated.is_relational(key) && !is_type(node) && !last.contains(*key)
    });
    for node in &order_dependents_first(going.map(|(_, node)| *node).collect()) {
        script.run(drop_statement(node));
    }
}

/// Drops types, after the last column that uses them.
pub(super) fn drop_types(
    script: &mut Script,
    before: &Objects<'_>,
    after: &Objects<'_>,
    recreated: &Recreated,
) {
    let last = dropped_last(before, after, recreated);
    let anew = |key: &ObjectId, node: &Node<'_>| is_type(node) && recreated.has(key);
    let going = before.by_key.iter();
    let going = going.filter(|(key, node)| last.contains(*key) || anew(key, node));
    for node in &order_dependents_first(going.map(|(_, node)| *node).collect()) {
        if anew(&key(node), node) {
            let former = renamed_type(parts(node).1);
            script.run(format!("DROP {} {former};\n", object_word(node)));
        } else {
            script.run(drop_statement(node));
        }
    }
}

/// Removed objects that columns may still use, with their own dependencies.
fn dropped_last(
    before: &Objects<'_>,
    after: &Objects<'_>,
    recreated: &Recreated,
) -> BTreeSet<ObjectId> {
    let gone = |key: &ObjectId| !after.has(key) && !recreated.is_relational(key);
    let made = before.by_key.iter().filter(|(key, node)| {
        let is_type = is_type(node);
        !after.has(key) && (is_type || is_part_of_columns(node) && gone(key))
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

/// Objects other than types that columns use.
fn is_part_of_columns(node: &Node<'_>) -> bool {
    use StatementKind::{AccessMethod, Collation, OperatorClass, RangeType, ShellType};
    let Node::Statement(item) = node else {
        return false;
    };
    matches!(
        item.kind,
        AccessMethod | Collation | OperatorClass | RangeType | ShellType
    )
}

fn drop_statement(node: &Node<'_>) -> String {
    format!("DROP {} {};\n", object_word(node), object_name(node))
}

/// Types that can be renamed while a new one takes their name.
pub(super) fn is_type(node: &Node<'_>) -> bool {
    matches!(node, Node::Enum(_) | Node::Composite(_) | Node::Domain(_))
}

/// A sequence that a column owns is dropped with the column.
fn is_dropped_with_owner(node: &Node<'_>, before: &Objects<'_>, after: &Objects<'_>) -> bool {
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

/// Each object before those that it needs; objects that need each other in any order.
fn order_dependents_first(mut nodes: Vec<Node<'_>>) -> Vec<Node<'_>> {
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
