//! The graph of execution: functions, and accesses to relations, as nodes that are read when a query reaches them.

use super::body::{self, BodyEffects, QualifiedName, UPDATE};
use super::built_in;
use super::protected::Protected;
use super::read;
use super::statement::SessionChange;
use crate::query::analysis::Mentions;
use crate::report::Failure;
use sqlx::PgConnection;
use std::collections::{BTreeSet, HashMap};

/// Something that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum CallNode {
    /// A function, by its OID.
    Function(u32),
    /// A relation, and the bits of Postgres's `AclMode` for the access.
    Relation(u32, u32),
    /// The checks of a domain.
    Domain(u32),
}

/// The effects of one node.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The name of a function, as `xact.toml` has it.
    pub(super) function: Option<String>,
    /// The change that a call of it is: set for functions of Postgres that change the session.
    pub(super) is_change: Option<SessionChange>,
    /// Its changes, and the part that makes each, if it has parts.
    pub(super) changes: BTreeSet<(Option<String>, SessionChange)>,
    /// Whether it runs a statement that it composes at run time.
    pub(super) runs_composed: bool,
    /// The nodes that it runs.
    pub(super) runs: BTreeSet<(Option<String>, CallNode)>,
    /// Names in its text that are not yet looked up.
    pub(super) names: Option<BodyEffects>,
}

impl Facts {
    /// Those of a query, or of a body that has a tree.
    pub(super) fn of_tree(mentions: &Mentions, protected: Protected<'_>) -> Self {
        let mut facts = Self::default();
        facts.add_tree(None, mentions, 0, protected);
        facts
    }

    /// Those of a text.
    pub(super) fn of_text(text: &str, protected: Protected<'_>) -> Self {
        let mut body = body::read(text, protected);
        let changes = std::mem::take(&mut body.changes).into_iter();
        Self {
            changes: changes.map(|change| (None, change)).collect(),
            runs_composed: body.runs_composed,
            names: Some(body),
            ..Self::default()
        }
    }

    /// Adds a tree. An access to a view is one to the relations below it.
    pub(super) fn add_tree(
        &mut self,
        via: Option<&str>,
        mentions: &Mentions,
        through: u32,
        protected: Protected<'_>,
    ) {
        let via = || via.map(str::to_owned);
        let calls = mentions.set_configs.iter();
        let changes = calls.filter_map(|call| built_in::of_set_config(call, protected));
        self.changes.extend(changes.map(|change| (via(), change)));
        let functions = mentions
            .functions
            .iter()
            .map(|oid| CallNode::Function(*oid));
        let relations = mentions.relations.iter();
        let relations = relations.map(|(oid, access)| CallNode::Relation(*oid, access | through));
        let domains = mentions.domains.iter().map(|oid| CallNode::Domain(*oid));
        let runs = functions.chain(relations).chain(domains);
        self.runs.extend(runs.map(|node| (via(), node)));
    }

    fn resolve(&mut self, known: &HashMap<QualifiedName, Vec<CallNode>>) {
        let Some(body) = self.names.take() else {
            return;
        };
        let find = |named: &QualifiedName| known.get(named).into_iter().flatten();
        for named in &body.calls {
            // All functions of that name: the text does not say which overload is called.
            let nodes = find(named).filter(|node| matches!(node, CallNode::Function(_)));
            self.runs.extend(nodes.map(|node| (None, *node)));
        }
        for (named, access) in &body.relations {
            let nodes = find(named).filter_map(|node| match node {
                CallNode::Relation(oid, _) => Some(CallNode::Relation(*oid, *access)),
                _ => None,
            });
            self.runs.extend(nodes.map(|node| (None, node)));
        }
    }
}

/// All nodes that something reaches.
#[derive(Debug, Default)]
pub(super) struct CallGraph {
    nodes: HashMap<CallNode, Facts>,
}

impl CallGraph {
    /// Reads all that these reach, level by level, and looks their names up.
    ///
    /// # Errors
    /// If the connection breaks.
    pub(super) async fn read(
        connection: &mut PgConnection,
        queries: &mut [Facts],
        protected: Protected<'_>,
    ) -> Result<Self, Failure> {
        let mut graph = Self::default();
        resolve_all(connection, queries.iter_mut()).await?;
        let runs = queries.iter().flat_map(|facts| &facts.runs);
        let mut wanted: BTreeSet<CallNode> = runs.map(|(_, node)| *node).collect();
        // Breadth first, a level for each round trip. Nodes that are known are never asked for
        // again, so cycles end it.
        while !wanted.is_empty() {
            let mut found = read::read_nodes(connection, &wanted, protected).await?;
            resolve_all(connection, found.values_mut()).await?;
            let runs = found.values().flat_map(|facts| &facts.runs);
            let next: BTreeSet<CallNode> = runs.map(|(_, node)| *node).collect();
            graph.nodes.extend(found);
            // A node without a row in the catalog has no effects.
            for node in std::mem::take(&mut wanted) {
                graph.nodes.entry(node).or_default();
            }
            wanted = next;
            wanted.retain(|node| !graph.nodes.contains_key(node));
        }
        Ok(graph)
    }

    pub(super) fn facts(&self, node: CallNode) -> Option<&Facts> {
        self.nodes.get(&node)
    }
}

/// Looks up the names in texts, all at once.
async fn resolve_all<'f>(
    connection: &mut PgConnection,
    facts: impl Iterator<Item = &'f mut Facts>,
) -> Result<(), Failure> {
    let mut open: Vec<&mut Facts> = facts.filter(|facts| facts.names.is_some()).collect();
    if open.is_empty() {
        return Ok(());
    }
    let bodies = open.iter().filter_map(|facts| facts.names.as_ref());
    let known = read::find_names(connection, bodies).await?;
    for facts in &mut open {
        facts.resolve(&known);
    }
    Ok(())
}

/// Whether a relation that Postgres has itself changes the session when this is done with it.
pub(super) fn of_system_relation(name: &str, access: u32) -> Option<SessionChange> {
    (name == "pg_settings" && access & UPDATE != 0).then(built_in::of_pg_settings)
}
