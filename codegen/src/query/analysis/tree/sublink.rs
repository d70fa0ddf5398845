//! Subqueries inside expressions.

use super::expression::{self, Expr};
use super::node::Tagged;
use super::node_type;
use super::query::{self, QueryTree};

/// The use that an expression makes of its subquery, by Postgres's `SubLinkType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SublinkKind {
    Exists,
    All,
    Any,
    RowCompare,
    /// The one value of its one row.
    Value,
    /// Assigned to several columns at once.
    Multiple,
    Array,
}

/// A subquery inside an expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sublink {
    pub(crate) kind: SublinkKind,
    /// The comparison of ANY, ALL and rows.
    pub(crate) test: Option<Expr>,
    pub(crate) query: QueryTree,
    /// The OID of the type of its first column, where its node has it.
    pub(crate) column_type: Option<u32>,
}

const KINDS: &[SublinkKind] = &[
    SublinkKind::Exists,
    SublinkKind::All,
    SublinkKind::Any,
    SublinkKind::RowCompare,
    SublinkKind::Value,
    SublinkKind::Multiple,
    SublinkKind::Array,
];

pub(super) fn convert(node: &Tagged) -> Option<Sublink> {
    let subquery = node.get("subselect")?.tagged("QUERY")?;
    Some(Sublink {
        // CTE_SUBLINK, the eighth, is made by the planner and never stored.
        kind: *KINDS.get(node.number::<usize>("subLinkType")?)?,
        test: expression::field(node, "testexpr"),
        query: query::convert(subquery)?,
        column_type: node_type::of_first_column(subquery),
    })
}
