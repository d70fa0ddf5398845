//! Postgres's node trees: from the text of `pg_node_tree` to plain Rust.
//!
//! ```text
//! text → Node          read: any node of any version, nothing understood
//! Node → QueryTree     query, relation, expression: the nodes of proofs, the rest is `Unknown`
//! ```
//! Never fails on an unknown tree: an unknown field is skipped and an unknown node becomes
//! [`Expr::Unknown`], of which nothing is ever proved.

mod node;
mod node_type;
mod read;
mod same;
mod token;

mod arbiter;
mod call;
mod constant;
mod cte;
mod expression;
mod from;
mod mentions;
mod permission;
mod query;
mod relation;
mod stand_in;
mod sublink;
mod var;

mod walk;

pub(crate) use arbiter::Arbiter;
pub(crate) use call::{Aggregate, Call, CallForm, WindowCall};
pub(crate) use constant::Const;
pub(crate) use cte::{AddedColumn, Cte};
pub(crate) use expression::{Boolean, Expr, Truth};
pub(crate) use from::{FromItem, JoinKind};
pub(crate) use mentions::{Mentions, SetConfig};
pub(crate) use permission::{Permission, find_privilege};
pub(crate) use query::{
    Conflict, QueryTree, SetOperation, SetTree, SortKey, StatementTree, TargetEntry, Ties,
};
pub(crate) use relation::{Relation, RelationKind};
pub(crate) use same::{is_same_expression, same};
pub(crate) use sublink::{Sublink, SublinkKind};
pub(crate) use var::{RowVersion, Var};
pub(crate) use walk::{children, every_expression, every_query};

use node::Node;
use std::collections::HashSet;

/// The one query in the text of a `pg_node_tree`; none if the text is not that.
pub(crate) fn query_tree(text: &str) -> Option<QueryTree> {
    only_query(&read::read(text)?)
}

/// The same of a text in which calls of these functions stand for parameters.
pub(crate) fn query_tree_with(text: &str, stand_ins: &HashSet<u32>) -> Option<QueryTree> {
    let mut node = read::read(text)?;
    if !stand_ins.is_empty() {
        stand_in::restore(&mut node, stand_ins);
    }
    only_query(&node)
}

/// The expressions in the text of a list of them, such as those of an index; none if the text is not that.
pub(crate) fn read_expressions(text: &str) -> Option<Vec<Expr>> {
    match read::read(text)? {
        Node::List(nodes) => Some(expression::convert_all(&nodes)),
        _ => None,
    }
}

fn only_query(mut node: &Node<'_>) -> Option<QueryTree> {
    while let Node::List(nodes) = node {
        // A body of several statements is no single query, and none of them may be taken for it.
        let [only] = nodes.as_slice() else {
            return None;
        };
        node = only;
    }
    query::convert(node.tagged("QUERY")?)
}

/// Every query in the text of a `pg_node_tree`, also those inside of nodes that are not known here; a query comes before those in
/// it.
pub(crate) fn all_queries(text: &str) -> Vec<QueryTree> {
    let mut queries = Vec::new();
    if let Some(node) = read::read(text) {
        collect_queries(&node, &mut queries);
    }
    queries
}

fn collect_queries(node: &node::Node<'_>, queries: &mut Vec<QueryTree>) {
    queries.extend(node.tagged("QUERY").and_then(query::convert));
    match node {
        node::Node::List(nodes) => nodes.iter().for_each(|node| collect_queries(node, queries)),
        node::Node::Tagged(tagged) => {
            let values = tagged.fields.iter().flat_map(|(_, values)| values);
            values.for_each(|node| collect_queries(node, queries));
        }
        _ => {}
    }
}

/// The last statement in the text of a function's body, and the type of each of its columns where
/// that is known; none if the text is not that.
pub(crate) fn body(text: &str) -> Option<(QueryTree, Vec<Option<u32>>)> {
    let mut node = &read::read(text)?;
    while let Node::List(nodes) = node {
        // The result of a function in SQL is that of its last statement ("Query Language (SQL)
        // Functions").
        node = nodes.last()?;
    }
    let statement = node.tagged("QUERY")?;
    Some((query::convert(statement)?, query::column_types(statement)))
}

#[cfg(test)]
mod tests;
