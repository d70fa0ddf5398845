//! What the catalog knows of the relations and functions that the trees mention.
//!
//! Read in a few round trips for all queries together: relations level by level, for a view's own
//! tree mentions more of them, then their unique keys, every function, and what counts as equal.

mod equality;
mod functions;
mod keys;
mod listed;
mod relations;

pub(crate) use equality::Equality;
pub(crate) use functions::Function;
pub(crate) use keys::Key;
pub(crate) use listed::Rule;
pub(crate) use relations::{Column, Table, TableKind};

use super::tree::{self, Expr, QueryTree, RelationKind};
use crate::Failure;
use sqlx::PgConnection;
use std::collections::{HashMap, HashSet};

/// Everything read, by OID.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    pub(crate) tables: HashMap<u32, Table>,
    pub(crate) functions: HashMap<u32, Function>,
    pub(crate) equality: Equality,
}

impl Catalog {
    /// What a statement writes to, if it is known.
    pub(crate) fn target(&self, query: &QueryTree) -> Option<&Table> {
        match query.relation(query.result_relation)?.kind {
            RelationKind::Table { oid, .. } => self.tables.get(&oid),
            _ => None,
        }
    }
}

/// Reads what `trees`, and the views they read, mention.
pub(super) async fn read(
    connection: &mut PgConnection,
    trees: &[Option<QueryTree>],
) -> Result<Catalog, Failure> {
    let mut catalog = Catalog::default();
    let (mut tables, mut functions) = (HashSet::new(), HashSet::new());
    for tree in trees.iter().flatten() {
        mentioned(tree, &mut tables, &mut functions);
    }
    while !tables.is_empty() {
        let read = relations::read(connection, &tables).await?;
        let known = catalog.tables.len();
        catalog.tables.extend(read);
        if catalog.tables.len() == known {
            break;
        }
        for view in catalog
            .tables
            .values()
            .filter_map(|table| table.view.as_deref())
        {
            mentioned(view, &mut tables, &mut functions);
        }
        tables.retain(|oid| !catalog.tables.contains_key(oid));
    }
    for (table, key) in keys::read(connection, &catalog.tables).await? {
        if let Some(table) = catalog.tables.get_mut(&table) {
            table.keys.push(key);
        }
    }
    catalog.functions = functions::read(connection, &functions).await?;
    catalog.equality = equality::read(connection).await?;
    Ok(catalog)
}

fn mentioned(query: &QueryTree, tables: &mut HashSet<u32>, functions: &mut HashSet<u32>) {
    tree::every_query(query, &mut |query| {
        for relation in &query.relations {
            if let RelationKind::Table { oid, .. } = relation.kind {
                tables.insert(oid);
            }
        }
        tree::every_expression(query, &mut |expr| functions.extend(function_of(expr)));
    });
}

fn function_of(expr: &Expr) -> Option<u32> {
    match expr {
        Expr::Call(call) => Some(call.function),
        Expr::AnyArray { function, .. } => Some(*function),
        Expr::Aggregate(aggregate) => Some(aggregate.function),
        Expr::Window(call) => Some(call.function),
        _ => None,
    }
}
