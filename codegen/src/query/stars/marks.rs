//! Marks that say which part of a tree a SELECT of the text became: a relation without columns in its FROM.
//!
//! Postgres 17 and later keep no positions in the trees that they store. `(SELECT) AS mark` adds no column to any `*`, is seen
//! by no name, and can be in every FROM.

use super::block::{Home, StarBlock};
use crate::query::analysis::tree::QueryTree;
use crate::query::{DescribedQuery, WireSql};
use std::ops::Range;

/// The statement with a mark in each block that is a SELECT.
pub(super) fn mark_blocks(described: &DescribedQuery, blocks: &[StarBlock]) -> WireSql {
    let edits = blocks.iter().enumerate().filter_map(|(number, block)| {
        let relation = format!("(SELECT) AS {}", mark_name(number));
        match &block.home {
            Home::From(end) => Some((*end..*end, format!(" {relation},"))),
            Home::NoFrom(end) => Some((*end..*end, format!(" FROM {relation}"))),
            Home::Table(range) => Some((range.clone(), format!("SELECT * FROM {relation},"))),
            Home::Statement | Home::Cte(_) => None,
        }
    });
    // Right behind FROM, with a comma: a comma groups last, so the joins of the statement stay as they are.
    let mut edits: Vec<(Range<usize>, String)> = edits.collect();
    edits.sort_by_key(|(range, _)| range.start);
    described.query.sql.with_edits(&edits)
}

fn mark_name(number: usize) -> String {
    format!("xact_star_{number}")
}

/// The query of a block in the tree of the marked statement, whose first query is the statement.
pub(super) fn find_block<'t>(
    queries: &'t [QueryTree],
    block: &StarBlock,
    number: usize,
) -> Option<&'t QueryTree> {
    let statement = queries.first();
    match &block.home {
        Home::Statement => statement,
        Home::Cte(name) => {
            let mut ctes = statement?.ctes.iter();
            ctes.find(|cte| cte.name == *name).map(|cte| &cte.query)
        }
        Home::From(_) | Home::NoFrom(_) | Home::Table(_) => {
            let mark = mark_name(number);
            // A mark is in one query only, while the number of a relation is another in each tree.
            let is_marked = |query: &&QueryTree| {
                let mut relations = query.relations.iter();
                relations.any(|relation| relation.name == mark)
            };
            queries.iter().find(is_marked)
        }
    }
}
