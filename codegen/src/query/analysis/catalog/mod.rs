//! The catalog's facts about the relations and functions that the trees mention.
//!
//! Read in a few round trips for all queries together: relations and functions level by level, for
//! the tree of a view or of a function in SQL mentions more of them, then unique keys, and what
//! counts as equal.

mod bodies;
mod equality;
mod functions;
mod keys;
mod listed;
mod relations;
mod written;

pub(crate) use bodies::{Body, read_trees as function_trees};
pub(crate) use equality::Equality;
pub(crate) use functions::CatalogFunction;
pub(crate) use keys::{CatalogKey, KeyColumn};
pub(crate) use listed::NotNullRule;
pub(crate) use relations::{CatalogColumn, CatalogRelation, TableKind};

use super::fetch::NoTree;
use super::tree::{self, Expr, QueryTree, Relation, RelationKind, StatementTree};
use crate::report::Failure;
use crate::schema::ColumnId;
use sqlx::PgConnection;
use std::collections::{HashMap, HashSet};

/// Everything read, by OID.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    pub(crate) tables: HashMap<u32, CatalogRelation>,
    pub(crate) functions: HashMap<u32, CatalogFunction>,
    pub(crate) equality: Equality,
}

impl Catalog {
    /// Whether a CHECK of its table keeps NULL out of the elements of a column.
    pub(crate) fn has_checked_elements(&self, (oid, column): ColumnId) -> bool {
        let table = self.tables.get(&oid);
        table.is_some_and(|table| table.elements_are_checked(column.into()))
    }

    /// The relation that a statement writes to, if it is known.
    pub(crate) fn target(&self, query: &QueryTree) -> Option<&CatalogRelation> {
        match query.relation(query.result_relation)?.kind {
            RelationKind::Table { oid, .. } => self.tables.get(&oid),
            _ => None,
        }
    }

    /// Whether this is so of a relation and of all relations below it, if it is a view.
    pub(crate) fn all_below(
        &self,
        table: &CatalogRelation,
        is_so: fn(&CatalogRelation) -> bool,
    ) -> bool {
        self.all_so_deep(table, is_so, 0)
    }

    fn all_so_deep(
        &self,
        table: &CatalogRelation,
        is_so: fn(&CatalogRelation) -> bool,
        depth: usize,
    ) -> bool {
        let of_relation = |relation: &Relation| match relation.kind {
            RelationKind::Table { oid, .. } => {
                let below = self.tables.get(&oid);
                below.is_some_and(|below| self.all_so_deep(below, is_so, depth + 1))
            }
            // Only a table or another view can be written through a view ("Updatable Views"), so
            // other entries of its FROM do not matter.
            _ => true,
        };
        let understood = match (&table.view, table.kind) {
            (Some(view), _) => view.read_relations().all(of_relation),
            // A view whose tree was not understood may read anything.
            (None, kind) => kind != TableKind::View,
        };
        is_so(table) && depth < MAX_VIEWS && understood
    }

    /// Whether the rows that a statement returns of the relation it writes to may be another's, because
    /// rules or triggers of a view gave them.
    pub(crate) fn returns_others(&self, query: &QueryTree, relation: usize) -> bool {
        if query.statement == StatementTree::Select || relation != query.result_relation {
            return false;
        }
        let own = |table: &CatalogRelation| {
            let instead = table.kind == TableKind::View;
            let instead = instead && (table.triggers.insert || table.triggers.update);
            // An automatically updatable view returns the row of the table below it; only a rule or
            // an INSTEAD OF trigger replaces that.
            !table.rewrites && !instead
        };
        let target = self.target(query);
        // A target that is not known counts as one that returns other rows.
        !target.is_some_and(|table| self.all_below(table, own))
    }
}

/// How many views may be below each other; Postgres's own trees end sooner.
const MAX_VIEWS: usize = 100;

/// Reads the relations and functions that `trees`, and the views they read, mention.
pub(super) async fn read(
    connection: &mut PgConnection,
    trees: &[Result<QueryTree, NoTree>],
) -> Result<Catalog, Failure> {
    let mut catalog = Catalog::default();
    let rules = functions::rules(connection).await?;
    let (mut found, mut asked) = (Mentioned::default(), Mentioned::default());
    for tree in trees.iter().flatten() {
        found.add(tree);
    }
    // A fixpoint over mentions: each level removes the OIDs that were asked before, so recursion of
    // functions ends it too.
    while !found.is_empty() {
        let tables = relations::read(connection, &found.tables).await?;
        let functions = functions::read(connection, &found.functions, &rules).await?;
        asked.extend(found);
        found = Mentioned::default();
        let views = tables.values().flat_map(|table| {
            let view = table.view.as_deref().into_iter();
            view.chain(table.refreshed_by.as_deref())
        });
        let bodies = functions.values().filter_map(|f| f.body.as_ref());
        for tree in views.chain(bodies.clone().map(|body| &body.query)) {
            found.add(tree);
        }
        for default in bodies.flat_map(|body| &body.defaults) {
            found.add_functions(default);
        }
        found.remove(&asked);
        catalog.tables.extend(tables);
        catalog.functions.extend(functions);
    }
    // Only after the last level, because the tables below views need their keys as well.
    for (table, key) in keys::read(connection, &catalog.tables).await? {
        if let Some(table) = catalog.tables.get_mut(&table) {
            table.keys.push(key);
        }
    }
    // After the last level too: a view is written through all views below it.
    for (view, query) in written::read_written_views(&catalog.tables) {
        if let Some(view) = catalog.tables.get_mut(&view) {
            view.written = Some(query);
        }
    }
    catalog.equality = equality::read(connection).await?;
    Ok(catalog)
}

/// The OIDs that trees mention.
#[derive(Default)]
struct Mentioned {
    tables: HashSet<u32>,
    functions: HashSet<u32>,
}

impl Mentioned {
    fn add(&mut self, query: &QueryTree) {
        tree::every_query(query, &mut |query| {
            for relation in &query.relations {
                if let RelationKind::Table { oid, .. } = relation.kind {
                    self.tables.insert(oid);
                }
            }
            tree::every_expression(query, &mut |expr| {
                self.functions.extend(function_of(expr));
            });
        });
    }

    /// The functions of an expression outside of a query, which has no subqueries.
    fn add_functions(&mut self, expr: &Expr) {
        self.functions.extend(function_of(expr));
        for child in tree::children(expr) {
            self.add_functions(child);
        }
    }

    fn extend(&mut self, more: Self) {
        self.tables.extend(more.tables);
        self.functions.extend(more.functions);
    }

    fn remove(&mut self, known: &Self) {
        self.tables.retain(|oid| !known.tables.contains(oid));
        self.functions.retain(|oid| !known.functions.contains(oid));
    }

    fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.functions.is_empty()
    }
}

fn function_of(expr: &Expr) -> Option<u32> {
    match expr {
        // NULLIF is missing: its proofs do not depend on the function.
        Expr::Call(call) => Some(call.function),
        Expr::AnyArray { function, .. } | Expr::Distinct { function, .. } => Some(*function),
        Expr::Aggregate(aggregate) => Some(aggregate.function),
        Expr::Window(call) => Some(call.function),
        _ => None,
    }
}
