//! The objects that have to be dropped and recreated: Postgres cannot alter them, or they depend on one that it cannot.

use super::affected::{affected_columns, kept_tables, primary_key_changes, reads_affected};
use super::objects::Objects;
use super::{composites, enums, replaced};
use crate::schema::Schema;
use crate::schema::dump::nodes::{Node, parts};
use crate::schema::model::{Attached, Column, ObjectId, ObjectKind, Table};
use std::collections::{BTreeMap, BTreeSet};

/// Objects, by the change that the script makes to them.
#[derive(Default)]
pub(super) struct Recreated {
    keys: BTreeSet<ObjectId>,
    gone: BTreeSet<ObjectId>,
    late: BTreeSet<ObjectId>,
    replaced: BTreeSet<ObjectId>,
    relational: BTreeSet<ObjectId>,
}

impl Recreated {
    pub(super) fn between(old: &Schema, new: &Schema) -> Self {
        let (before, after) = (Objects::of(old), Objects::of(new));
        let gone = before.by_key.keys().filter(|key| !after.has(key)).cloned();
        let mut recreated = Self {
            gone: gone.collect(),
            relational: reach_by_needs(&before, |node| {
                is_relation(node) || looks_at_relations(node)
            }),
            ..Self::default()
        };
        let labels = enums::new_labels_in_use(old, new);
        let used = composites::used_types(&before);
        for (key, node, other) in before.shared(&after) {
            let is_anew = match (node, other) {
                (Node::Composite(old), Node::Composite(new)) => {
                    !composites::can_be_altered(old, new, used.contains(key))
                }
                (Node::Enum(old), Node::Enum(new)) => {
                    labels.contains(key) || !enums::only_grows(old, new)
                }
                (node, other) => cannot_be_altered(node, other),
            };
            if is_anew {
                recreated.keys.insert(key.clone());
            }
        }
        while recreated.add_dependents(old, new, (&before, &after)) {}
        for (key, node, other) in before.shared(&after) {
            if !recreated.has(key) && replaced::is_replaced(node, other) {
                recreated.replaced.insert(key.clone());
            }
        }
        let changed = changed_tables(old, new, &recreated);
        recreated.find_created_late(&before, &after, &changed);
        recreated
    }

    /// Whether the object is dropped and recreated.
    pub(super) fn has(&self, key: &ObjectId) -> bool {
        self.keys.contains(key)
    }

    /// Whether the object is replaced by `CREATE OR REPLACE`.
    pub(super) fn replaces(&self, key: &ObjectId) -> bool {
        self.replaced.contains(key)
    }

    /// Whether one of these is dropped, even if it is recreated later.
    pub(super) fn drops_any(&self, needs: &[ObjectId]) -> bool {
        needs
            .iter()
            .any(|need| self.keys.contains(need) || self.gone.contains(need))
    }

    /// Whether the object can only be created after the tables were altered.
    pub(super) fn is_late(&self, key: &ObjectId) -> bool {
        self.late.contains(key)
    }

    /// Whether the object of the old schema is a table or view, or depends on one.
    pub(super) fn is_relational(&self, key: &ObjectId) -> bool {
        self.relational.contains(key)
    }

    /// Whether the column's default can only be set once late objects are there.
    pub(super) fn sets_default_late(&self, column: &Column) -> bool {
        let waits = column
            .default_needs
            .iter()
            .any(|need| self.late.contains(need));
        waits && column.default.is_some() && column.generated.is_none()
    }

    /// Whether the type of the column is recreated.
    pub(super) fn has_recreated_type(&self, column: &Column) -> bool {
        let element = column.data_type.trim_end_matches("[]");
        let element = element.split('(').next().unwrap_or(element);
        self.has(&ObjectId::data_type(element))
    }

    /// Whether the collation of the column is recreated.
    pub(super) fn has_recreated_collation(&self, column: &Column) -> bool {
        let collation = column.collation.as_ref();
        collation.is_some_and(|name| {
            self.drops_any(&[ObjectId::new(ObjectKind::Collation, name.as_str())])
        })
    }

    /// Whether Postgres refuses the change while something reads the column.
    pub(super) fn rewrites(&self, old: &Column, new: &Column) -> bool {
        is_rewritten(old, new) || self.has_recreated_type(old) || self.has_recreated_collation(old)
    }

    /// Adds the objects that depend on a dropped one. Tables stay, because they hold rows: their parts are altered.
    fn add_dependents(&mut self, old: &Schema, new: &Schema, (before, after): Pair<'_>) -> bool {
        let touched: BTreeMap<ObjectId, BTreeSet<String>> = kept_tables(old, new)
            .map(|(before, after)| (relation_id(before), affected_columns(before, after, self)))
            .collect();
        let keyed = kept_tables(old, new)
            .filter(|(before, after)| primary_key_changes(before, after, self));
        let keyed: BTreeSet<ObjectId> = keyed.map(|(before, _)| relation_id(before)).collect();
        let more = before.shared(after).filter(|(key, node, _)| {
            !self.has(key)
                && (self.depends_on_recreated(node)
                    || can_be_recreated(node) && reads_affected(node, &touched, &keyed))
        });
        let more: Vec<ObjectId> = more.map(|(key, ..)| key.clone()).collect();
        self.keys.extend(more.iter().cloned());
        !more.is_empty()
    }

    fn depends_on_recreated(&self, node: &Node<'_>) -> bool {
        let needs = &parts(node).2.needs;
        match node {
            Node::Composite(_) | Node::Domain(_) => {
                let types = needs.iter().filter(|need| need.kind == ObjectKind::Type);
                types.into_iter().any(|need| self.has(need))
            }
            node => can_be_recreated(node) && self.drops_any(needs),
        }
    }

    fn find_created_late(
        &mut self,
        before: &Objects<'_>,
        after: &Objects<'_>,
        changed: &BTreeSet<ObjectId>,
    ) {
        let comes = |key: &ObjectId| !before.has(key) || self.has(key) || self.replaces(key);
        let mut late: BTreeSet<ObjectId> = BTreeSet::new();
        loop {
            let waits = |need: &ObjectId| changed.contains(need) || late.contains(need);
            let more = after.by_key.iter().filter(|(key, node)| {
                let is_table = matches!(node, Node::Table(_));
                comes(key)
                    && !late.contains(*key)
                    && (can_be_recreated(node) || is_table)
                    && needs_with_defaults(node).any(waits)
            });
            let more: Vec<ObjectId> = more.map(|(key, _)| key.clone()).collect();
            if more.is_empty() {
                break;
            }
            late.extend(more);
        }
        self.late = late;
    }
}

type Pair<'a> = (&'a Objects<'a>, &'a Objects<'a>);

fn relation_id(table: &Table) -> ObjectId {
    ObjectId::relation(table.name.sql.as_str())
}

/// The objects that the object and its column defaults depend on.
fn needs_with_defaults<'a>(node: &Node<'a>) -> impl Iterator<Item = &'a ObjectId> {
    let columns = match node {
        Node::Table(table) => table.columns.as_slice(),
        _ => &[],
    };
    let defaults = columns.iter().flat_map(|column| &column.default_needs);
    parts(node).2.needs.iter().chain(defaults)
}

/// The objects that are chosen, and those that reach one of them by their needs.
fn reach_by_needs(objects: &Objects<'_>, chosen: impl Fn(&Node<'_>) -> bool) -> BTreeSet<ObjectId> {
    let chosen = objects.by_key.iter().filter(|(_, node)| chosen(node));
    let mut reached: BTreeSet<ObjectId> = chosen.map(|(key, _)| key.clone()).collect();
    loop {
        let more = objects.by_key.iter().filter(|(key, node)| {
            let mut needs = parts(node).2.needs.iter();
            !reached.contains(*key) && needs.any(|need| reached.contains(need))
        });
        let more: Vec<ObjectId> = more.map(|(key, _)| key.clone()).collect();
        if more.is_empty() {
            return reached;
        }
        reached.extend(more);
    }
}

fn is_relation(node: &Node<'_>) -> bool {
    matches!(node, Node::Table(_) | Node::View(_) | Node::Sequence(_))
}

fn looks_at_relations(node: &Node<'_>) -> bool {
    use crate::schema::model::StatementKind::{EventTrigger, Publication, Rule, Statistics};
    let Node::Statement(item) = node else {
        return false;
    };
    matches!(item.kind, EventTrigger | Publication | Rule | Statistics)
}

/// Views, functions and the like hold no rows of their own, nor do foreign tables.
fn can_be_recreated(node: &Node<'_>) -> bool {
    match node {
        Node::View(_) | Node::Function(_) | Node::Statement(_) => true,
        Node::Table(table) => table.foreign.is_some(),
        _ => false,
    }
}

fn cannot_be_altered(old: &Node<'_>, new: &Node<'_>) -> bool {
    match (old, new) {
        (Node::View(old), Node::View(new)) => {
            !replaced::same_view(old, new) && !replaced::view_only_gains_columns(old, new)
        }
        (Node::Function(old), Node::Function(new)) => {
            old.definition != new.definition && !replaced::function_can_be_replaced(old, new)
        }
        (Node::Statement(old), Node::Statement(new)) => {
            old.definition != new.definition
                || old.alteration != new.alteration
                || old.kind != new.kind
        }
        (Node::Domain(old), Node::Domain(new)) => {
            old.base != new.base || old.collation != new.collation
        }
        (Node::Table(old), Node::Table(new)) if old.foreign.is_some() || new.foreign.is_some() => {
            let bare = |table: &Table| Table {
                attached: Attached::default(),
                ..table.clone()
            };
            bare(old) != bare(new)
        }
        (Node::Sequence(_), Node::Sequence(_)) | (Node::Table(_), Node::Table(_)) => false,
        // Another kind of object under the same name.
        _ => true,
    }
}

/// Whether the column has another type, or is computed otherwise.
pub(super) fn is_rewritten(old: &Column, new: &Column) -> bool {
    old.data_type != new.data_type
        || old.collation != new.collation
        || new.generated.is_some() && old.generated != new.generated
}

fn changed_tables(old: &Schema, new: &Schema, recreated: &Recreated) -> BTreeSet<ObjectId> {
    let changed = kept_tables(old, new).filter(|(before, after)| {
        before.columns != after.columns
            || before.constraints != after.constraints
            || !affected_columns(before, after, recreated).is_empty()
    });
    changed.map(|(table, _)| relation_id(table)).collect()
}
