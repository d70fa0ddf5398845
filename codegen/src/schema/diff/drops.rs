//! Objects that are dropped.

use super::comparison::Comparison;
use super::graph::GraphItem;
use super::ids::table_id;
use super::objects::{object_name, object_word};
use super::operation::{DatabaseFact, Operation, Rank, is_renamed};
use super::plan::Plan;
use super::renamed_types::renamed_type;
use crate::schema::dump::nodes::{DumpNode, key, parts};
use crate::schema::model::{ObjectId, Schema, Sequence, StatementKind, Table, ViewKind};
use std::collections::BTreeSet;

/// Drops the objects of the old schema that the new one does not have, and those that are recreated.
pub(super) fn drop_objects(plan: &mut Plan, comparison: &Comparison<'_>) {
    let referenced = referenced_tables(comparison.old);
    for id in comparison.fates.gone() {
        let Some(GraphItem::Object(node)) = comparison.before.items.get(id) else {
            continue;
        };
        match node {
            DumpNode::Table(table) if comparison.is_rebuilt(&table.name.sql) => {}
            DumpNode::Table(table) if table.foreign.is_none() => {
                drop_table(plan, comparison, table, &referenced);
            }
            DumpNode::Sequence(item) => drop_sequence(plan, comparison, item),
            DumpNode::Function(_) => drop_circle(plan, comparison, node),
            DumpNode::View(view) if view.kind == ViewKind::View => {
                drop_circle(plan, comparison, node);
            }
            node if is_renamed(comparison, id) => {
                let former = renamed_type(parts(node).1);
                let sql = format!("DROP {} {former};\n", object_word(node));
                let drop =
                    Operation::new(Rank::DropType, sql).needs([DatabaseFact::Free(id.clone())]);
                plan.add(drop.drops(comparison, std::slice::from_ref(id)));
            }
            node => {
                let mut drop = Operation::new(rank_of(comparison, node), drop_statement(node));
                drop.change.note = describe_obstacle(comparison.old, node);
                plan.add(drop.drops(comparison, std::slice::from_ref(id)));
            }
        }
    }
}

/// A view or function alone, or with those of its kind that refer to each other in a circle: none of them could be dropped
/// first.
fn drop_circle(plan: &mut Plan, comparison: &Comparison<'_>, node: &DumpNode<'_>) {
    let id = &key(node);
    let above = list_dropped_above(comparison, id, object_word(node));
    let is_in_circle = |other: &&ObjectId| {
        let others = list_dropped_above(comparison, other, object_word(node));
        *other != id && others.contains(id)
    };
    let circle = above.iter().filter(is_in_circle).chain([id]);
    let circle: Vec<ObjectId> = circle.cloned().collect();
    // The statement is that of the first one.
    if circle.iter().min() == Some(id) {
        let mut names: Vec<&str> = circle.iter().map(|id| id.sql.as_str()).collect();
        names.sort_unstable();
        let sql = format!("DROP {} {};\n", object_word(node), names.join(", "));
        let drop = Operation::new(rank_of(comparison, node), sql);
        plan.add(drop.drops(comparison, &circle));
    }
}

/// The dropped objects of this kind that depend on the object, however indirectly.
fn list_dropped_above(
    comparison: &Comparison<'_>,
    id: &ObjectId,
    word: &str,
) -> BTreeSet<ObjectId> {
    let is_of_kind = |id: &ObjectId| match comparison.before.items.get(id) {
        Some(GraphItem::Object(node @ (DumpNode::View(_) | DumpNode::Function(_)))) => {
            object_word(node) == word && comparison.fates.is_gone(id)
        }
        _ => false,
    };
    let mut found = BTreeSet::new();
    let mut open = vec![id.clone()];
    while let Some(below) = open.pop() {
        // A view depends on the columns of another one as well.
        let parts = comparison.before.parts(&below).iter().chain([&below]);
        let dependents = parts.flat_map(|part| comparison.before.dependents(part));
        for above in dependents.filter(|id| is_of_kind(id)) {
            if found.insert(above.clone()) {
                open.push(above.clone());
            }
        }
    }
    found
}

/// Sequences that are dropped with the column that owns them.
pub(super) fn sequences_dropped_with(
    comparison: &Comparison<'_>,
    columns: &[ObjectId],
) -> Vec<ObjectId> {
    let columns = columns
        .iter()
        .flat_map(|id| comparison.before.dependents(id));
    let is_sequence = |id: &ObjectId| {
        let item = comparison.before.items.get(id);
        matches!(item, Some(GraphItem::Object(DumpNode::Sequence(_))))
    };
    let dropped = columns.filter(|id| comparison.fates.is_gone(id) && is_sequence(id));
    dropped.cloned().collect()
}

/// A note where Postgres may refuse the statement for a reason that is in no schema.
fn describe_obstacle(old: &Schema, node: &DumpNode<'_>) -> Option<String> {
    match node {
        // They depend on the transforms for their types that were there before them (`ProcedureCreate`).
        DumpNode::Statement(item)
            if item.kind == StatementKind::Transform && !old.extensions.is_empty() =>
        {
            Some(
                "fails if an extension that was created later has functions of this type and language: DROP EXTENSION before, \
                 and CREATE EXTENSION after, if no column is of one of its types"
                    .to_owned(),
            )
        }
        _ => None,
    }
}

fn drop_statement(node: &DumpNode<'_>) -> String {
    format!("DROP {} {};\n", object_word(node), object_name(node))
}

/// A partition is dropped with its partitioned table, and detached first from one that stays: Postgres drops no partition
/// of a table that a foreign key refers to.
fn drop_table(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    table: &Table,
    referenced: &BTreeSet<&str>,
) {
    let name = &table.name.sql;
    let parent = table
        .partition
        .as_ref()
        .map(|partition| partition.of.as_str());
    if parent.is_some_and(|parent| comparison.fates.is_gone(&ObjectId::relation(parent))) {
        return;
    }
    let detach = parent.filter(|parent| is_referenced(comparison, parent, referenced));
    let detach = detach.map(|parent| format!("ALTER TABLE {parent} DETACH PARTITION {name};\n"));
    let partitions = partitions_below(comparison, table);
    let mut dropped: Vec<ObjectId> = vec![table_id(table)];
    dropped.extend(partitions.iter().map(|partition| table_id(partition)));
    let columns = dropped
        .iter()
        .flat_map(|id| comparison.before.parts(id).iter().cloned());
    let columns: Vec<ObjectId> = columns.collect();
    dropped.extend(sequences_dropped_with(comparison, &columns));
    let lost = match partitions.len() {
        0 => format!("the rows of {name}"),
        1 => format!("the rows of {name} and its partition"),
        several => format!("the rows of {name} and its {several} partitions"),
    };
    let sql = format!("{}DROP TABLE {name};\n", detach.unwrap_or_default());
    plan.add(
        Operation::new(Rank::DropRelation, sql)
            .loses(lost)
            .drops(comparison, &dropped),
    );
}

/// The partitions that are dropped with the table, with theirs.
fn partitions_below<'a>(comparison: &Comparison<'a>, table: &Table) -> Vec<&'a Table> {
    let mut found: Vec<&Table> = Vec::new();
    let mut parents = vec![table.name.sql.as_str()];
    while let Some(parent) = parents.pop() {
        for id in comparison.before.dependents(&ObjectId::relation(parent)) {
            let Some(GraphItem::Object(DumpNode::Table(child))) = comparison.before.items.get(id)
            else {
                continue;
            };
            let is_partition = child.partition.as_ref().is_some_and(|it| it.of == parent);
            if is_partition && comparison.fates.is_gone(id) {
                found.push(child);
                parents.push(child.name.sql.as_str());
            }
        }
    }
    found
}

fn referenced_tables(schema: &Schema) -> BTreeSet<&str> {
    let constraints = schema.tables.iter().flat_map(|table| &table.constraints);
    let targets = constraints.filter_map(|constraint| constraint.references.as_ref());
    targets
        .map(|references| references.table.as_str())
        .collect()
}

/// Whether a foreign key refers to the table or one that it is a partition of.
fn is_referenced(comparison: &Comparison<'_>, name: &str, referenced: &BTreeSet<&str>) -> bool {
    let above = |name: &str| {
        let table = super::comparison::find_table(&comparison.before, name);
        let parents = table.into_iter().flat_map(Table::parent_names);
        parents.map(str::to_owned).collect::<Vec<_>>()
    };
    referenced.contains(name)
        || above(name)
            .iter()
            .any(|parent| is_referenced(comparison, parent, referenced))
}

/// A sequence that a dropped column owns is dropped with it.
fn drop_sequence(plan: &mut Plan, comparison: &Comparison<'_>, item: &Sequence) {
    let id = ObjectId::relation(item.name.sql.as_str());
    let owner = comparison.before.owning_columns.get(&id);
    // It goes with the column that owns it.
    if owner.is_some_and(|column| comparison.fates.is_gone(column)) {
        return;
    }
    let lost = format!("the position of sequence {}", item.name.sql);
    let drop = Operation::new(
        Rank::DropRelation,
        drop_statement(&DumpNode::Sequence(item)),
    );
    plan.add(drop.loses(lost).drops(comparison, &[id]));
}

fn rank_of(comparison: &Comparison<'_>, node: &DumpNode<'_>) -> Rank {
    let is_relation = |id: &ObjectId| {
        let item = comparison.before.items.get(id);
        matches!(
            item,
            Some(GraphItem::Object(
                DumpNode::Table(_) | DumpNode::View(_) | DumpNode::Sequence(_)
            ))
        )
    };
    if is_type(node) || is_part_of_columns(node) {
        Rank::DropType
    } else if comparison.before.reaches(&[key(node)], is_relation) || looks_at_relations(node) {
        Rank::DropRelation
    } else {
        Rank::DropOther
    }
}

/// Publications and event triggers depend on no relation in the catalog, but react to every change of one.
fn looks_at_relations(node: &DumpNode<'_>) -> bool {
    use StatementKind::{EventTrigger, Publication, Rule, Statistics};
    let DumpNode::Statement(item) = node else {
        return false;
    };
    matches!(item.kind, EventTrigger | Publication | Rule | Statistics)
}

/// Objects other than types that columns use.
fn is_part_of_columns(node: &DumpNode<'_>) -> bool {
    use StatementKind::{AccessMethod, Collation, OperatorClass, RangeType, ShellType};
    let DumpNode::Statement(item) = node else {
        return false;
    };
    matches!(
        item.kind,
        AccessMethod | Collation | OperatorClass | RangeType | ShellType
    )
}

/// Types that can be renamed while a new one takes their name.
pub(super) fn is_type(node: &DumpNode<'_>) -> bool {
    matches!(
        node,
        DumpNode::Enum(_) | DumpNode::Composite(_) | DumpNode::Domain(_)
    )
}
