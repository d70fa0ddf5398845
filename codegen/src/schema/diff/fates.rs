//! The objects and parts whose old form cannot stay, found from the differences along the dependencies.
//!
//! An object that Postgres cannot alter is dropped and recreated, and so is every object or part that depends on it. Tables
//! and their columns hold rows: they stay, and columns are converted where the type changes.

use super::comparison::{Comparison, Pair};
use super::equal_keys::{EqualKeys, find_equal_keys};
use super::graph::GraphItem;
use super::ids::{column_id, table_id};
use super::inheritance::is_dropped_with_parent;
use super::retype::are_related;
use super::stored_rows::{list_storing_views, rewrites_rows};
use super::{composites, enums, replaced, unchanged};
use crate::schema::dump::nodes::DumpNode;
use crate::schema::model::{
    Column, Constraint, ConstraintKind, Index, ObjectId, ObjectKind, Table,
};
use std::collections::BTreeSet;

/// Objects and parts of the old schema by the change that the script makes to them.
#[derive(Default)]
pub(super) struct Fates {
    /// They are dropped, and perhaps recreated.
    gone: BTreeSet<ObjectId>,
    /// Columns whose values are converted in place.
    converted: BTreeSet<ObjectId>,
    /// `CREATE OR REPLACE` changes them.
    replaced: BTreeSet<ObjectId>,
}

/// How a dependent reacts to the change of an object.
enum Reaction {
    Stays,
    Goes,
    IsConverted,
}

impl Fates {
    pub(super) fn of(comparison: &Comparison<'_>) -> Self {
        let mut finder = FateFinder {
            comparison,
            fates: Self::default(),
            left: Vec::new(),
            equal_keys: find_equal_keys(comparison),
        };
        finder.add_differences();
        finder.drop_stored_rows(rewrites_rows);
        finder.drop_younger_keys(|keys| keys.is_chosen);
        finder.follow_dependencies();
        let mut fates = finder.fates;
        for (id, node, other) in kept_objects(comparison) {
            if !fates.is_gone(id) && replaced::is_replaced(&node, &other) {
                fates.replaced.insert(id.clone());
            }
        }
        fates
    }

    /// Whether it is dropped, even if it is recreated later.
    pub(super) fn is_gone(&self, id: &ObjectId) -> bool {
        self.gone.contains(id)
    }

    /// Whether one of these is dropped, even if it is recreated later.
    pub(super) fn is_any_gone(&self, ids: &[ObjectId]) -> bool {
        ids.iter().any(|id| self.is_gone(id))
    }

    /// Whether `CREATE OR REPLACE` changes it.
    pub(super) fn is_replaced(&self, id: &ObjectId) -> bool {
        self.replaced.contains(id)
    }

    /// Everything that is dropped.
    pub(super) fn gone(&self) -> &BTreeSet<ObjectId> {
        &self.gone
    }

    /// Whether the column of the old table is dropped, even if it is recreated later.
    pub(super) fn is_column_gone(&self, table: &Table, column: &Column) -> bool {
        self.is_gone(&column_id(&table.name.sql, column))
    }

    /// Whether the values of the column are converted in place.
    pub(super) fn is_column_converted(&self, table: &Table, column: &Column) -> bool {
        self.converted.contains(&column_id(&table.name.sql, column))
    }

    /// The type of the column, if it is dropped and recreated.
    pub(super) fn recreated_type<'b>(&self, column: &'b Column) -> Option<&'b ObjectId> {
        let mut reads = column.attached.reads.iter();
        reads.find(|id| id.kind == ObjectKind::Type && self.is_gone(id))
    }

    /// Whether the collation of the column is dropped.
    pub(super) fn has_gone_collation(&self, column: &Column) -> bool {
        let mut reads = column.attached.reads.iter();
        reads.any(|id| id.kind == ObjectKind::Collation && self.is_gone(id))
    }
}

/// The objects of both schemas.
fn kept_objects<'a>(
    comparison: &'a Comparison<'_>,
) -> impl Iterator<Item = (&'a ObjectId, DumpNode<'a>, DumpNode<'a>)> {
    let items = comparison.before.items.iter();
    items.filter_map(|(id, item)| match (item, comparison.after.items.get(id)?) {
        (GraphItem::Object(old), GraphItem::Object(new)) => Some((id, *old, *new)),
        _ => None,
    })
}

struct FateFinder<'a, 'b> {
    comparison: &'a Comparison<'b>,
    fates: Fates,
    /// Changes whose dependents were not looked at yet.
    left: Vec<ObjectId>,
    equal_keys: Vec<EqualKeys>,
}

impl FateFinder<'_, '_> {
    fn drop(&mut self, id: &ObjectId) {
        // Each object is followed once, so that circles end.
        if self.fates.gone.insert(id.clone()) {
            self.fates.converted.remove(id);
            self.left.push(id.clone());
        }
    }

    fn convert(&mut self, id: &ObjectId) {
        // What is dropped is not converted before.
        if !self.fates.is_gone(id) && self.fates.converted.insert(id.clone()) {
            self.left.push(id.clone());
        }
    }

    fn add_differences(&mut self) {
        let comparison = self.comparison;
        let labels = enums::new_labels_in_use(comparison.old, comparison.new);
        let used = composites::used_types(comparison.old);
        for (id, old) in &comparison.before.items {
            match comparison.after.items.get(id) {
                None => self.drop(id),
                Some(GraphItem::Object(new)) => {
                    let GraphItem::Object(old) = old else {
                        self.drop(id);
                        continue;
                    };
                    let is_rebuilt = matches!(old, DumpNode::Table(table) if comparison.is_rebuilt(&table.name.sql));
                    if is_rebuilt || labels.contains(id) || cannot_be_altered(id, old, new, &used) {
                        self.drop(id);
                    }
                }
                Some(GraphItem::Column(new)) => self.compare_columns(id, old, new),
                Some(new) => {
                    if !unchanged::is_same_part(comparison, id, old, new) {
                        self.drop(id);
                    }
                }
            }
        }
    }

    /// Drops the materialized views that store rows of tables whose rows change.
    fn drop_stored_rows(&mut self, changes: impl Fn(Pair<'_>) -> bool) {
        let comparison = self.comparison;
        for pair in &comparison.tables {
            if changes(*pair) {
                for view in list_storing_views(comparison, pair.0) {
                    self.drop(&view);
                }
            }
        }
    }

    fn compare_columns(&mut self, id: &ObjectId, old: &GraphItem<'_>, new: &Column) {
        match old {
            GraphItem::Column(old) if is_dropped_above(self.comparison, id, old) => self.drop(id),
            GraphItem::Column(old) if !is_rewritten(old, new) => {}
            GraphItem::Column(_) if new.generated.is_none() => self.convert(id),
            // Postgres does not recompute a column: it is dropped and added.
            _ => self.drop(id),
        }
    }

    /// The worklist grows only by objects that were not in a set before, so it ends.
    fn follow_dependencies(&mut self) {
        let comparison = self.comparison;
        while let Some(id) = self.left.pop() {
            if self.fates.is_gone(&id) {
                for part in comparison.before.parts(&id) {
                    self.drop(part);
                }
                self.drop_relatives(&id);
                self.drop_younger_keys(|keys| keys.target == id);
            } else if let Some(table) = comparison.before.owner(&id) {
                // A converted column gives its rows other values.
                self.drop_stored_rows(|(before, _)| table_id(before) == *table);
            }
            for dependent in comparison.before.dependents(&id) {
                match self.react(dependent, &id) {
                    Reaction::Stays => {}
                    Reaction::Goes => self.drop(dependent),
                    Reaction::IsConverted => self.convert(dependent),
                }
            }
        }
    }

    /// Keys that have to be younger than an equal one: Postgres would make a foreign key depend on them.
    fn drop_younger_keys(&mut self, is_meant: impl Fn(&EqualKeys) -> bool) {
        let keys = self.equal_keys.iter().filter(|keys| is_meant(keys));
        let others: Vec<ObjectId> = keys.flat_map(|keys| keys.others.clone()).collect();
        for other in &others {
            self.drop(other);
        }
    }

    /// A part of a partition that belongs to a part of the partitioned table exists as long as that one does.
    fn drop_relatives(&mut self, id: &ObjectId) {
        let comparison = self.comparison;
        let before = &comparison.before;
        if let Some(GraphItem::KeyIndex) = before.items.get(id) {
            before.needs(id).iter().for_each(|key| self.drop(key));
        }
        if comparison.is_covered_by_parent(before, id)
            && let Some(parent) = before.parent_parts.get(id)
        {
            self.drop(parent);
        }
        let children = before.child_parts(id).iter();
        let children = children.filter(|child| comparison.is_covered_by_parent(before, child));
        children.for_each(|child| self.drop(child));
        // The column goes with the expression that generates it, unless only that is dropped.
        if let Some(GraphItem::Default(column)) = before.items.get(id)
            && column.generated.is_some()
        {
            let column_id = ObjectId::new(ObjectKind::Column, id.sql.as_str());
            if let Some(GraphItem::Column(new)) = comparison.after.items.get(&column_id)
                && new.generated.is_some()
            {
                self.drop(&column_id);
            }
        }
    }

    fn react(&self, dependent: &ObjectId, cause: &ObjectId) -> Reaction {
        let is_gone = self.fates.is_gone(cause);
        let goes = |goes: bool| {
            if goes {
                Reaction::Goes
            } else {
                Reaction::Stays
            }
        };
        match self.comparison.before.items.get(dependent) {
            Some(GraphItem::Object(node)) => goes(self.is_recreated_with(node, cause)),
            Some(GraphItem::Column(_)) => self.react_column(dependent, cause),
            Some(GraphItem::Constraint(constraint)) => goes(self.loses(constraint, cause)),
            Some(GraphItem::Index(index)) => goes(is_gone || self.rebuilds_otherwise(index, cause)),
            Some(GraphItem::RowType) | None => Reaction::Stays,
            Some(GraphItem::KeyIndex) => goes(is_gone),
            Some(
                GraphItem::Default(_)
                | GraphItem::Trigger(_)
                | GraphItem::Policy(_)
                | GraphItem::Check(_)
                | GraphItem::ViewPart,
            ) => Reaction::Goes,
        }
    }

    /// Views, functions and the like hold no rows of their own, nor do foreign tables.
    fn is_recreated_with(&self, node: &DumpNode<'_>, cause: &ObjectId) -> bool {
        match node {
            DumpNode::View(_) | DumpNode::Function(_) | DumpNode::Statement(_) => true,
            DumpNode::Table(table) => table.foreign.is_some() && self.fates.is_gone(cause),
            // They hold a value of a type that is renamed while the new one is created.
            DumpNode::Composite(_) | DumpNode::Domain(_) => {
                cause.kind == ObjectKind::Type && self.comparison.after.has(cause)
            }
            DumpNode::Enum(_) | DumpNode::Sequence(_) => false,
        }
    }

    fn react_column(&self, dependent: &ObjectId, cause: &ObjectId) -> Reaction {
        let is_type = cause.kind == ObjectKind::Type || cause.kind == ObjectKind::Collation;
        let after = self.comparison.after.items.get(dependent);
        match after {
            Some(GraphItem::Column(column)) if is_type && self.fates.is_gone(cause) => {
                if column.generated.is_some() {
                    Reaction::Goes
                } else {
                    Reaction::IsConverted
                }
            }
            _ => Reaction::Stays,
        }
    }

    /// Postgres rebuilds a plain index of a converted column by itself, but not one of expressions.
    fn rebuilds_otherwise(&self, index: &Index, cause: &ObjectId) -> bool {
        let has_expressions = index.columns.iter().any(|column| column.0 == 0);
        has_expressions || index.predicate.is_some() || self.is_of_recreated_type(cause)
    }

    fn is_of_recreated_type(&self, column: &ObjectId) -> bool {
        match self.comparison.before.items.get(column) {
            Some(GraphItem::Column(column)) => self.fates.recreated_type(column).is_some(),
            _ => false,
        }
    }

    fn loses(&self, constraint: &Constraint, cause: &ObjectId) -> bool {
        match constraint.kind {
            ConstraintKind::PrimaryKey | ConstraintKind::Unique | ConstraintKind::NotNull => {
                self.fates.is_gone(cause)
            }
            // A check reads its columns by their types, which Postgres would keep casting to the old ones.
            ConstraintKind::Check | ConstraintKind::Exclusion => true,
            ConstraintKind::ForeignKey => {
                self.fates.is_gone(cause) || self.compares_otherwise(cause)
            }
        }
    }

    /// A foreign key compares columns of two tables, of which one is altered first.
    fn compares_otherwise(&self, column: &ObjectId) -> bool {
        let items = (&self.comparison.before.items, &self.comparison.after.items);
        match (items.0.get(column), items.1.get(column)) {
            (Some(GraphItem::Column(old)), Some(GraphItem::Column(new))) => {
                self.fates.recreated_type(old).is_some()
                    || !are_related(&old.data_type, &new.data_type)
            }
            _ => true,
        }
    }
}

fn cannot_be_altered(
    id: &ObjectId,
    old: &DumpNode<'_>,
    new: &DumpNode<'_>,
    used: &BTreeSet<ObjectId>,
) -> bool {
    match (old, new) {
        (DumpNode::Composite(old), DumpNode::Composite(new)) => {
            !composites::can_be_altered(old, new, used.contains(id))
        }
        (DumpNode::Enum(old), DumpNode::Enum(new)) => !enums::only_grows(old, new),
        (DumpNode::View(old), DumpNode::View(new)) => {
            !replaced::same_view(old, new) && !replaced::view_only_gains_columns(old, new)
        }
        (DumpNode::Function(old), DumpNode::Function(new)) => {
            old.definition != new.definition && !replaced::function_can_be_replaced(old, new)
        }
        (DumpNode::Statement(old), DumpNode::Statement(new)) => {
            old.definition != new.definition
                || old.alteration != new.alteration
                || old.kind != new.kind
        }
        (DumpNode::Domain(old), DumpNode::Domain(new)) => {
            // ALTER DOMAIN changes neither.
            old.base != new.base || old.collation != new.collation
        }
        (DumpNode::Table(old), DumpNode::Table(new))
            if old.foreign.is_some() || new.foreign.is_some() =>
        {
            !unchanged::is_same_table(old, new)
        }
        (DumpNode::Sequence(_), DumpNode::Sequence(_))
        | (DumpNode::Table(_), DumpNode::Table(_)) => false,
        // Another kind of object under the same name.
        _ => true,
    }
}

fn is_dropped_above(comparison: &Comparison<'_>, id: &ObjectId, column: &Column) -> bool {
    let table = comparison.before.owner(id);
    let pair = table.and_then(|table| comparison.kept_table(&table.sql));
    pair.is_some_and(|(table, _)| is_dropped_with_parent(comparison, table, column))
}

/// Whether the column has another type, or is computed otherwise.
fn is_rewritten(old: &Column, new: &Column) -> bool {
    old.data_type != new.data_type
        || old.collation != new.collation
        || new.generated.is_some() && old.generated != new.generated
}
