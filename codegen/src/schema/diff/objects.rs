//! The objects of a schema by their keys, and any choice of them as a schema of its own.
//!
//! A schema is taken apart without `..`: a kind of object that is added to it does not compile here
//! until somebody says how it is compared.

use crate::schema::dump;
use crate::schema::dump::nodes::{Node, key, parts};
use crate::schema::dump::statements::word as statement_word;
use crate::schema::model::{
    Attached, FunctionKind, Name, Namespace, Schema, StatementKind, ViewKind,
};
use std::collections::BTreeMap;

/// All objects with a block of their own, by key: `relation notes`, `function f(text)`.
pub(super) struct Objects<'a> {
    pub(super) by_key: BTreeMap<String, Node<'a>>,
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

    pub(super) fn has(&self, key: &str) -> bool {
        self.by_key.contains_key(key)
    }
}

/// The block that creates the chosen objects, in an order that works.
pub(super) fn created(
    schema: &Schema,
    objects: &Objects<'_>,
    wanted: impl Fn(&str) -> bool,
) -> String {
    let keys = objects.by_key.keys().filter(|key| wanted(key));
    let nodes: Vec<Node<'_>> = keys.map(|key| objects.by_key[key]).collect();
    if nodes.is_empty() {
        return String::new();
    }
    without_frame(&dump::dump(&of(&nodes, schema)))
}

/// A schema of these objects alone. Foreign keys are left out: they come when all keys are there.
fn of(nodes: &[Node<'_>], whole: &Schema) -> Schema {
    // Without it the dump would say that `public` was dropped.
    let public = whole.schemas.iter().find(|schema| schema.name == "public");
    let bare = |schema: &Namespace| Namespace {
        attached: Attached::default(),
        ..schema.clone()
    };
    let mut schema = Schema {
        schemas: public.into_iter().map(bare).collect(),
        ..Schema::default()
    };
    for node in nodes {
        match node {
            Node::Enum(item) => schema.enums.push((*item).clone()),
            Node::Composite(item) => schema.composites.push((*item).clone()),
            Node::Domain(item) => schema.domains.push((*item).clone()),
            Node::Sequence(item) => schema.sequences.push((*item).clone()),
            Node::Function(item) => schema.functions.push((*item).clone()),
            Node::View(item) => schema.views.push((*item).clone()),
            Node::Statement(item) => schema.statements.push((*item).clone()),
            Node::Table(item) => {
                let mut table = (*item).clone();
                table
                    .constraints
                    .retain(|constraint| constraint.references.is_none());
                schema.tables.push(table);
            }
        }
    }
    schema
}

/// The statements of a dump, without its first and last lines and its headings.
pub(super) fn without_frame(dump: &str) -> String {
    // The first heading stands beneath the settings that every file begins with.
    let from = dump.find("\n\n-- ").map_or(dump.len(), |start| start + 2);
    let to = dump.rfind("\nRESET search_path").unwrap_or(dump.len());
    let body = dump.get(from..to).unwrap_or_default();
    let blocks = body.split("\n\n").map(|block| {
        // A heading is a comment that stands alone.
        let heading = block.starts_with("-- ") && block.lines().count() == 1;
        if heading {
            ""
        } else {
            block.trim_end_matches('\n')
        }
    });
    let blocks: Vec<&str> = blocks.filter(|block| !block.is_empty()).collect();
    if blocks.is_empty() {
        return String::new();
    }
    blocks.join("\n") + "\n"
}

/// The word by which `DROP`, `COMMENT` and `GRANT` know the kind.
pub(super) fn word(node: &Node<'_>) -> &'static str {
    match node {
        Node::Enum(_) | Node::Composite(_) => "TYPE",
        Node::Domain(_) => "DOMAIN",
        Node::Sequence(_) => "SEQUENCE",
        Node::Function(item) if item.kind == FunctionKind::Procedure => "PROCEDURE",
        Node::Function(_) => "FUNCTION",
        Node::Table(_) => "TABLE",
        Node::View(item) if item.kind == ViewKind::View => "VIEW",
        Node::View(_) => "MATERIALIZED VIEW",
        Node::Statement(item) => statement_word(item.kind),
    }
}

/// The name by which `DROP` and `COMMENT` know it.
pub(super) fn name(node: &Node<'_>) -> String {
    let (_, Name { sql, .. }, _) = parts(node);
    match node {
        Node::Statement(item) if item.kind == StatementKind::Aggregate => sql.replace("()", "(*)"),
        _ => sql.clone(),
    }
}
