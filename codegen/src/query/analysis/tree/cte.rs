//! Queries of WITH, with the columns that SEARCH and CYCLE add to them.

use super::expression::{self, Expr};
use super::node::{Node, Tagged};
use super::query::{self, QueryTree};

/// A query of a WITH clause.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cte {
    pub(crate) name: String,
    pub(crate) query: QueryTree,
    pub(crate) recursive: bool,
    /// The columns that SEARCH and CYCLE add behind those of its query, when Postgres rewrites it.
    pub(crate) added: Vec<AddedColumn>,
}

/// A column that SEARCH or CYCLE adds to a query of WITH RECURSIVE.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AddedColumn {
    /// The values that sort the rows, or the path to a row: rows of columns.
    Path,
    /// The mark of a cycle: one of two values.
    Mark { yes: Expr, no: Expr },
}

pub(super) fn convert(node: &Node) -> Option<Cte> {
    let expression = node.tagged("COMMONTABLEEXPR")?;
    let query = expression.get("ctequery")?.tagged("QUERY")?;
    Some(Cte {
        name: expression.text("ctename")?.to_owned(),
        query: query::convert(query)?,
        recursive: expression.flag("cterecursive"),
        added: added_columns(expression)?,
    })
}

/// The order of `rewriteSearchAndCycle` in Postgres's `rewriteSearchCycle.c`: that of SEARCH, the mark, the path.
fn added_columns(cte: &Tagged) -> Option<Vec<AddedColumn>> {
    let mut added = Vec::new();
    if cte.get("search_clause").is_some() {
        added.push(AddedColumn::Path);
    }
    if let Some(clause) = cte.get("cycle_clause") {
        let clause = clause.tagged("CTECYCLECLAUSE")?;
        added.push(AddedColumn::Mark {
            yes: expression::field(clause, "cycle_mark_value")?,
            no: expression::field(clause, "cycle_mark_default")?,
        });
        added.push(AddedColumn::Path);
    }
    Some(added)
}
