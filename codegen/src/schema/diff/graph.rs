//! The objects and parts of a schema and the dependencies between them, as `pg_depend` has them.

use super::ids::{
    check_id, column_id, constraint_id, default_id, index_id, policy_id, row_type_id, table_id,
    trigger_id,
};
use super::objects::Objects;
use super::transforms::list_transform_users;
use crate::schema::dump::nodes::{DumpNode, parts};
use crate::schema::model::{
    Attached, Column, Constraint, Domain, DomainConstraint, Index, ObjectId, ObjectKind, Policy,
    Schema, Table, Trigger, View,
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// An object or a part of one.
#[derive(Clone, Copy)]
pub(super) enum GraphItem<'a> {
    Object(DumpNode<'a>),
    RowType,
    Column(&'a Column),
    Default(&'a Column),
    Constraint(&'a Constraint),
    /// The index that a constraint makes and owns.
    KeyIndex,
    Index(&'a Index),
    Trigger(&'a Trigger),
    Policy(&'a Policy),
    Check(&'a DomainConstraint),
    /// A column, index or trigger of a view, which is created and dropped with it.
    ViewPart,
}

/// All objects and parts by their names, with their dependencies.
#[derive(Default)]
pub(super) struct ObjectGraph<'a> {
    pub(super) items: BTreeMap<ObjectId, GraphItem<'a>>,
    /// The part of the partitioned table, by the part of the partition that belongs to it.
    pub(super) parent_parts: HashMap<ObjectId, ObjectId>,
    /// The column that a sequence is dropped with. The sequence can be created before it, so this is no need of its own.
    pub(super) owning_columns: HashMap<ObjectId, ObjectId>,
    edges: HashMap<ObjectId, Vec<ObjectId>>,
    dependents: HashMap<ObjectId, Vec<ObjectId>>,
    child_parts: HashMap<ObjectId, Vec<ObjectId>>,
    parts: HashMap<ObjectId, Vec<ObjectId>>,
    owners: HashMap<ObjectId, ObjectId>,
}

const NONE: &[ObjectId] = &[];

impl<'a> ObjectGraph<'a> {
    pub(super) fn of(schema: &'a Schema) -> Self {
        let mut graph = Self::default();
        for (id, node) in Objects::of(schema).by_key {
            graph.add(id.clone(), GraphItem::Object(node), needs_of(&node));
            match node {
                DumpNode::Table(table) => graph.add_table(table),
                DumpNode::View(view) => graph.add_view(&id, view),
                DumpNode::Domain(domain) => graph.add_checks(&id, domain),
                DumpNode::Sequence(item) => {
                    if let Some(owned) = &item.owned_by {
                        let column =
                            ObjectId::part(ObjectKind::Column, &owned.table, &owned.column);
                        graph.owning_columns.insert(id, column);
                    }
                }
                _ => {}
            }
        }
        graph.turn_around();
        for (transform, function) in list_transform_users(schema) {
            // Not among the needs: the function can be created without the transform.
            graph
                .dependents
                .entry(transform)
                .or_default()
                .push(function);
        }
        graph
    }

    /// The objects and parts that it depends on.
    pub(super) fn needs(&self, id: &ObjectId) -> &[ObjectId] {
        self.edges.get(id).map_or(NONE, Vec::as_slice)
    }

    /// The objects and parts that depend on it.
    pub(super) fn dependents(&self, id: &ObjectId) -> &[ObjectId] {
        self.dependents.get(id).map_or(NONE, Vec::as_slice)
    }

    /// The parts that are created and dropped with it.
    pub(super) fn parts(&self, id: &ObjectId) -> &[ObjectId] {
        self.parts.get(id).map_or(NONE, Vec::as_slice)
    }

    /// The parts of partitions that belong to the part.
    pub(super) fn child_parts(&self, id: &ObjectId) -> &[ObjectId] {
        self.child_parts.get(id).map_or(NONE, Vec::as_slice)
    }

    /// The object that the part belongs to.
    pub(super) fn owner(&self, part: &ObjectId) -> Option<&ObjectId> {
        self.owners.get(part)
    }

    pub(super) fn has(&self, id: &ObjectId) -> bool {
        self.items.contains_key(id)
    }

    /// Whether the first reaches one of the chosen by its dependencies.
    pub(super) fn reaches(&self, from: &[ObjectId], chosen: impl Fn(&ObjectId) -> bool) -> bool {
        let mut seen: HashSet<&ObjectId> = HashSet::new();
        let mut left: Vec<&ObjectId> = from.iter().collect();
        while let Some(id) = left.pop() {
            if chosen(id) {
                return true;
            }
            if seen.insert(id) {
                left.extend(self.needs(id));
            }
        }
        false
    }

    fn add(&mut self, id: ObjectId, item: GraphItem<'a>, needs: Vec<ObjectId>) {
        // A recursive function would otherwise wait for itself.
        let needs = needs.into_iter().filter(|need| *need != id).collect();
        self.edges.insert(id.clone(), needs);
        self.items.insert(id, item);
    }

    fn add_part(
        &mut self,
        whole: &ObjectId,
        id: ObjectId,
        item: GraphItem<'a>,
        needs: Vec<ObjectId>,
    ) {
        self.parts
            .entry(whole.clone())
            .or_default()
            .push(id.clone());
        self.owners.insert(id.clone(), whole.clone());
        self.add(id, item, needs);
    }

    fn add_table(&mut self, table: &'a Table) {
        let whole = table_id(table);
        let own_columns = table.columns.iter();
        let columns = own_columns.map(|column| column_id(&table.name.sql, column));
        self.add_part(
            &whole,
            row_type_id(table),
            GraphItem::RowType,
            columns.collect(),
        );
        for column in &table.columns {
            let id = column_id(&table.name.sql, column);
            self.add_part(
                &whole,
                id.clone(),
                GraphItem::Column(column),
                attached_needs(&column.attached),
            );
            if column.default.is_some() || column.generated.is_some() {
                let needs = column.default_needs.iter().chain(&column.default_reads);
                let mut needs: Vec<ObjectId> = needs.cloned().collect();
                needs.push(id.clone());
                let default = default_id(table, column);
                self.add_part(&whole, default.clone(), GraphItem::Default(column), needs);
                self.parts.entry(id).or_default().push(default);
            }
        }
        for constraint in &table.constraints {
            self.add_constraint(&whole, table, constraint);
        }
        for index in &table.indexes {
            let id = index_id(index);
            if let Some(parent) = &index.parent {
                self.parent_parts
                    .insert(id.clone(), ObjectId::relation(parent.as_str()));
            }
            let needs = part_needs(&whole, &index.attached);
            self.add_part(&whole, id, GraphItem::Index(index), needs);
        }
        for trigger in &table.triggers {
            let id = trigger_id(&table.name.sql, trigger);
            let needs = part_needs(&whole, &trigger.attached);
            self.add_part(&whole, id, GraphItem::Trigger(trigger), needs);
        }
        for policy in &table.policies {
            let needs = part_needs(&whole, &policy.attached);
            self.add_part(
                &whole,
                policy_id(table, policy),
                GraphItem::Policy(policy),
                needs,
            );
        }
    }

    fn add_constraint(&mut self, whole: &ObjectId, table: &'a Table, constraint: &'a Constraint) {
        let id = constraint_id(table, constraint);
        let mut needs = part_needs(whole, &constraint.attached);
        if let Some(references) = &constraint.references {
            needs.push(ObjectId::relation(references.table.as_str()));
            needs.push(ObjectId::relation(references.index.as_str()));
        }
        self.add_part(whole, id.clone(), GraphItem::Constraint(constraint), needs);
        if let Some(index) = &constraint.index {
            let alias = ObjectId::relation(index.sql.as_str());
            if let Some(parent) = &index.parent {
                self.parent_parts
                    .insert(alias.clone(), ObjectId::relation(parent.as_str()));
            }
            self.add_part(whole, alias.clone(), GraphItem::KeyIndex, vec![id.clone()]);
            self.parts.entry(id).or_default().push(alias);
        }
    }

    fn add_view(&mut self, whole: &ObjectId, view: &'a View) {
        for column in &view.columns {
            let id = column_id(&view.name.sql, column);
            self.add_part(whole, id, GraphItem::ViewPart, vec![whole.clone()]);
        }
        for index in &view.indexes {
            let needs = part_needs(whole, &index.attached);
            self.add_part(whole, index_id(index), GraphItem::ViewPart, needs);
        }
        for trigger in &view.triggers {
            let needs = part_needs(whole, &trigger.attached);
            let id = trigger_id(&view.name.sql, trigger);
            self.add_part(whole, id, GraphItem::ViewPart, needs);
        }
    }

    fn add_checks(&mut self, whole: &ObjectId, domain: &'a Domain) {
        // The catalog query gives the needs of checks to their domain: which of them is whose is not known.
        let needs = attached_needs(&domain.attached);
        for check in &domain.constraints {
            let mut needs = needs.clone();
            needs.push(whole.clone());
            self.add_part(
                whole,
                check_id(domain, check),
                GraphItem::Check(check),
                needs,
            );
        }
    }

    fn turn_around(&mut self) {
        let mut dependents: HashMap<ObjectId, Vec<ObjectId>> = HashMap::new();
        for id in self.items.keys() {
            for need in &self.edges[id] {
                dependents.entry(need.clone()).or_default().push(id.clone());
            }
        }
        // Dropping a column drops the sequences that it owns.
        for (sequence, column) in &self.owning_columns {
            dependents
                .entry(column.clone())
                .or_default()
                .push(sequence.clone());
        }
        self.dependents = dependents;
        for (child, parent) in &self.parent_parts {
            let children = self.child_parts.entry(parent.clone()).or_default();
            children.push(child.clone());
        }
    }
}

fn attached_needs(attached: &Attached) -> Vec<ObjectId> {
    attached
        .needs
        .iter()
        .chain(&attached.reads)
        .cloned()
        .collect()
}

fn part_needs(whole: &ObjectId, attached: &Attached) -> Vec<ObjectId> {
    let mut needs = attached_needs(attached);
    needs.push(whole.clone());
    needs
}

/// A column of a view carries the dependency on its type.
fn needs_of(node: &DumpNode<'_>) -> Vec<ObjectId> {
    let mut needs = attached_needs(parts(node).2);
    if let DumpNode::View(view) = node {
        needs.extend(
            view.columns
                .iter()
                .flat_map(|column| column.attached.reads.clone()),
        );
    }
    needs
}
