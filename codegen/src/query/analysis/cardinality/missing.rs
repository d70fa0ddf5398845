//! The missing part of a proof that a query gives at most one row: the unique key that lacks the fewest
//! columns, before others one that is bound in part.

use super::Counter;
use super::single::{leaves, usable_keys, write_column};
use crate::query::analysis::catalog::Catalog;
use crate::query::analysis::scope::QueryScope;
use crate::query::analysis::tree::{QueryTree, RelationKind, StatementTree};

/// The columns of a key that are not bound, and the key, for people.
pub(in crate::query::analysis) fn missing_key<'t>(
    query: &'t QueryTree,
    catalog: &'t Catalog,
) -> Option<String> {
    // No key of a table would help there.
    if query.set_operations.is_some() || query.expands {
        return None;
    }
    let scope = QueryScope::outermost(query);
    let counter = Counter::new(catalog);
    let singles = counter.singles(&scope, &[]);
    let relations = match query.statement {
        StatementTree::Select => leaves(query),
        StatementTree::Update | StatementTree::Delete => vec![query.result_relation],
        // INSERT counts the rows of its SELECT, and nothing is proved of MERGE.
        StatementTree::Insert | StatementTree::Merge => Vec::new(),
    };
    let open = relations
        .into_iter()
        .find(|relation| !singles.is_single(*relation))?;
    let RelationKind::Table { oid, inherited } = query.relation(open)?.kind else {
        return None;
    };
    let table = catalog.tables.get(&oid)?;
    let keys = usable_keys(table, inherited)
        .map(|key| (counter.missing(query, key, (open, &singles)), key));
    let (missing, key) =
        // `false` sorts first: of two keys that lack as much, the one that is bound in part is what
        // the author meant. The primary key wins ties, as it comes first.
        keys.min_by_key(|(missing, key)| (missing.len(), missing.len() == key.columns.len()))?;
    let columns: Vec<String> = missing
        .into_iter()
        .map(|column| write_column(table, column))
        .collect();
    if columns.is_empty() {
        return None;
    }
    Some(format!(
        "{} ({} `{}`)",
        columns.join(" and "),
        key.kind,
        key.name
    ))
}
