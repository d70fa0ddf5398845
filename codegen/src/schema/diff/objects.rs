//! The objects of a schema by their keys, and any choice of them as a schema of its own.
//!
//! A schema is taken apart without `..`: a kind of object that is added to it does not compile here
//! until somebody says how it is compared.

use super::recreated::Recreated;
use super::replaced;
use crate::schema::dump::blocks;
use crate::schema::dump::nodes::{Node, key, parts};
use crate::schema::dump::statements::word as statement_word;
use crate::schema::model::{
    Attached, Constraint, FunctionKind, Name, Namespace, ObjectId, Schema, StatementKind, ViewKind,
};
use std::collections::BTreeMap;

/// All objects with a block of their own, by key: `relation notes`, `function f(text)`.
pub(super) struct Objects<'a> {
    pub(super) by_key: BTreeMap<ObjectId, Node<'a>>,
}

impl<'a> Objects<'a> {
    pub(super) fn of(schema: &'a Schema) -> Self {
        let Schema {
            enums,
            composites,
            domains,
            sequences,
            functions,
            tables,
            views,
            statements,
            // These are no objects that others rest on: see `whole`.
            database: _,
            roles: _,
            schemas: _,
            extensions: _,
            foreign_grants: _,
            default_privileges: _,
        } = schema;
        let nodes = enums.iter().map(Node::Enum);
        let nodes = nodes.chain(composites.iter().map(Node::Composite));
        let nodes = nodes.chain(domains.iter().map(Node::Domain));
        let nodes = nodes.chain(sequences.iter().map(Node::Sequence));
        let nodes = nodes.chain(functions.iter().map(Node::Function));
        let nodes = nodes.chain(tables.iter().map(Node::Table));
        let nodes = nodes.chain(views.iter().map(Node::View));
        let nodes = nodes.chain(statements.iter().map(Node::Statement));
        let by_key = nodes.map(|node| (key(&node), node)).collect();
        Self { by_key }
    }

    pub(super) fn has(&self, key: &ObjectId) -> bool {
        self.by_key.contains_key(key)
    }

    /// Whether the object covers every other object, or would fire for every later statement.
    pub(super) fn stands_last(&self, key: &ObjectId) -> bool {
        let Some(Node::Statement(item)) = self.by_key.get(key) else {
            return false;
        };
        matches!(
            item.kind,
            StatementKind::Publication | StatementKind::EventTrigger
        )
    }

    /// The objects of both schemas, each with its counterpart.
    pub(super) fn shared<'b>(
        &'b self,
        other: &'b Self,
    ) -> impl Iterator<Item = (&'b ObjectId, &'b Node<'a>, &'b Node<'a>)> {
        let counterpart = |key: &ObjectId| other.by_key.get(key);
        let nodes = self.by_key.iter();
        nodes.filter_map(move |(key, node)| Some((key, node, counterpart(key)?)))
    }
}

/// The block that creates or replaces the chosen objects, in an order that works.
pub(super) fn create_objects(
    schema: &Schema,
    objects: &Objects<'_>,
    recreated: &Recreated,
    wanted: impl Fn(&ObjectId) -> bool,
) -> String {
    let keys = objects.by_key.keys().filter(|key| wanted(key));
    let keys: Vec<&ObjectId> = keys.collect();
    if keys.is_empty() {
        return String::new();
    }
    let mut chosen = only_public(schema);
    for key in &keys {
        add_object(&mut chosen, &objects.by_key[*key], recreated.replaces(key));
    }
    let replaced = keys.into_iter().filter(|key| recreated.replaces(key));
    blocks(&chosen, &replaced.cloned().collect()).concat()
}

/// Nothing but `public`, if it is there: without it the dump would say that it was dropped.
pub(super) fn only_public(schema: &Schema) -> Schema {
    let public = schema.schemas.iter().find(|schema| schema.name == "public");
    let bare = |schema: &Namespace| Namespace {
        attached: Attached::default(),
        ..schema.clone()
    };
    Schema {
        schemas: public.into_iter().map(bare).collect(),
        ..Schema::default()
    }
}

/// Adds an object to a schema. Foreign keys are left out: they come when all keys are there.
fn add_object(schema: &mut Schema, node: &Node<'_>, is_replaced: bool) {
    match node {
        Node::Enum(item) => schema.enums.push((*item).clone()),
        Node::Composite(item) => schema.composites.push((*item).clone()),
        Node::Domain(item) => schema.domains.push((*item).clone()),
        Node::Sequence(item) => schema.sequences.push((*item).clone()),
        Node::Function(item) if is_replaced => {
            schema.functions.push(replaced::replaced_function(item));
        }
        Node::Function(item) => schema.functions.push((*item).clone()),
        Node::View(item) if is_replaced => schema.views.push(replaced::replaced_view(item)),
        Node::View(item) => schema.views.push((*item).clone()),
        Node::Statement(item) => schema.statements.push((*item).clone()),
        Node::Table(item) => {
            let mut table = (*item).clone();
            let is_own = |constraint: &Constraint| constraint.references.is_none();
            table.constraints.retain(is_own);
            schema.tables.push(table);
        }
    }
}

/// The word by which `DROP`, `COMMENT` and `GRANT` know the kind.
pub(super) fn object_word(node: &Node<'_>) -> &'static str {
    match node {
        Node::Enum(_) | Node::Composite(_) => "TYPE",
        Node::Domain(_) => "DOMAIN",
        Node::Sequence(_) => "SEQUENCE",
        Node::Function(item) if item.kind == FunctionKind::Procedure => "PROCEDURE",
        Node::Function(_) => "FUNCTION",
        Node::Table(item) if item.foreign.is_some() => "FOREIGN TABLE",
        Node::Table(_) => "TABLE",
        Node::View(item) if item.kind == ViewKind::View => "VIEW",
        Node::View(_) => "MATERIALIZED VIEW",
        Node::Statement(item) => statement_word(item.kind),
    }
}

/// The name by which `DROP` and `COMMENT` know it.
pub(super) fn object_name(node: &Node<'_>) -> String {
    let (_, Name { sql, .. }, _) = parts(node);
    match node {
        Node::Statement(item) if item.kind == StatementKind::Aggregate => sql.replace("()", "(*)"),
        _ => sql.clone(),
    }
}
