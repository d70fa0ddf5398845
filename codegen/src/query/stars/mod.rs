//! Writes the columns in place of `*`: from a statement as written to one that a later ADD COLUMN does not change.
//!
//! Given: queries as Postgres described them. Gives: the same queries, whose wire SQL names every column that Postgres put in
//! the place of `*`, `t.*` and `sqlc.embed(t)`, of TABLE, and of the missing column list of an INSERT. Rows are read by
//! position, so without this a column that another migration adds would move a value to another field.
//!
//! ```text
//! find      statement → blocks: each `*` of a SELECT or RETURNING
//! star      words → which `*` it is               marks     statement + a relation that marks each block
//! visible   FROM → its columns and their names    columns   block + its tree → the columns, as text
//! ```
//! The names are Postgres's own: they are read from the tree that it keeps of the marked statement. The proof is the tree of
//! the result, which must equal that of the statement as written. If it does not, the query is refused, never sent with `*`.

mod block;
mod star;

mod find;
mod marks;

mod visible;

mod columns;

use super::analysis::fetch::{self, NoTree};
use super::analysis::{deep, tree};
use super::{DescribedQuery, Kind, Query, TypeCatalog, WireSql};
use crate::report::Failure;
use crate::report::diagnostic::{Diagnostic, from_postgres, refusal_of};
use crate::report::source::Span;
use block::StarBlock;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, SqlSafeStr as _};
use std::ops::Range;

/// Writes out the columns of every query that has a `*`. Queries where that cannot be done become diagnostics.
///
/// # Errors
/// If the connection breaks.
///
/// # Cancellation
/// Dropping the future leaves a transaction that the connection rolls back before its next use.
pub async fn expand_stars(
    connection: &mut PgConnection,
    described: Vec<DescribedQuery>,
    types: &TypeCatalog,
) -> Result<(Vec<DescribedQuery>, Vec<Diagnostic>), Failure> {
    let found = deep::run(|| described.iter().map(find_blocks).collect::<Vec<_>>())?;
    let starred = || described.iter().zip(&found).filter(|(_, b)| !b.is_empty());
    // Two trees for each: that of the statement as written, which the result has to equal, and the marked one. All in one round
    // trip, because every query of a project passes here.
    let asked: Vec<DescribedQuery> = starred()
        .flat_map(|(query, blocks)| {
            [
                query.clone(),
                with_sql(query, marks::mark_blocks(query, blocks)),
            ]
        })
        .collect();
    if asked.is_empty() {
        return Ok((described, Vec::new()));
    }
    let trees = fetch::fetch_trees(connection, &asked, types).await?.trees;
    let written = deep::run(|| {
        let pairs = starred().zip(trees.chunks(2));
        let written =
            pairs.map(|((query, blocks), trees)| write_columns(query, blocks, trees, types));
        written.collect::<Vec<_>>()
    })?;
    let originals = starred().map(|(query, _)| query);
    let written = verify_trees(connection, originals, written, types).await?;
    let mut written = written.into_iter();
    let (mut good, mut diagnostics) = (Vec::new(), Vec::new());
    for (query, blocks) in described.into_iter().zip(found) {
        match if blocks.is_empty() {
            None
        } else {
            written.next()
        } {
            None => good.push(query),
            Some(Ok(expanded)) => good.push(expanded),
            Some(Err(refused)) => diagnostics.push(refused),
        }
    }
    Ok((good, diagnostics))
}

/// Why the columns of a query cannot be written out.
#[derive(Clone, Debug, PartialEq, Eq)]
struct RefusedStar {
    /// The `*`, in the wire SQL.
    at: Range<usize>,
    reason: String,
}

impl RefusedStar {
    fn into_diagnostic(self, query: &Query) -> Diagnostic {
        refusal_diagnostic(
            query.token_at(query.sql.source_of(self.at.start)),
            &self.reason,
        )
    }
}

fn refusal_diagnostic(span: Span, reason: &str) -> Diagnostic {
    let message = format!("the columns that are meant here cannot be written out: {reason}");
    let help = "write the columns yourself, each by a name of its own";
    Diagnostic::error("star-columns", span, message).help(help)
}

fn find_blocks(described: &DescribedQuery) -> Vec<StarBlock> {
    // Postgres keeps the text of a utility, and resolves it when it runs.
    match described.query.kind {
        Kind::Analysed => find::blocks(&described.query.sql.text),
        _ => Vec::new(),
    }
}

fn with_sql(described: &DescribedQuery, sql: WireSql) -> DescribedQuery {
    let query = Query {
        sql,
        ..described.query.clone()
    };
    DescribedQuery {
        query,
        ..described.clone()
    }
}

/// The query with its columns written out, by the trees of the statement as written and of the marked one.
fn write_columns(
    described: &DescribedQuery,
    blocks: &[StarBlock],
    trees: &[Result<String, NoTree>],
    types: &TypeCatalog,
) -> Result<DescribedQuery, Diagnostic> {
    let query = &described.query;
    // The tree of the statement as written is needed too: without it the result could not be
    // verified.
    let [Ok(_), Ok(marked)] = trees else {
        return Err(RefusedStar {
            at: first_star(blocks),
            reason: "Postgres gives no analysed tree of this statement".to_owned(),
        }
        .into_diagnostic(query));
    };
    let queries = tree::all_queries(marked);
    let mut edits = Vec::new();
    for (number, block) in blocks.iter().enumerate() {
        let tree = marks::find_block(&queries, block, number);
        let written = columns::write_edits(block, tree, &queries, types);
        edits.extend(written.map_err(|refused| refused.into_diagnostic(query))?);
    }
    edits.sort_by_key(|(range, _): &(Range<usize>, String)| (range.start, range.end));
    Ok(with_sql(described, query.sql.with_edits(&edits)))
}

fn first_star(blocks: &[StarBlock]) -> Range<usize> {
    let ranges = blocks.iter().flat_map(StarBlock::ranges);
    ranges.min_by_key(|range| range.start).unwrap_or(0..0)
}

/// Keeps only statements whose tree is that of the statement as written.
async fn verify_trees(
    connection: &mut PgConnection,
    originals: impl Iterator<Item = &DescribedQuery>,
    written: Vec<Result<DescribedQuery, Diagnostic>>,
    types: &TypeCatalog,
) -> Result<Vec<Result<DescribedQuery, Diagnostic>>, Failure> {
    // Both in one call, because the functions in place of parameters have other OIDs in the next one.
    let pairs = originals.zip(&written);
    let asked: Vec<DescribedQuery> = pairs
        .filter_map(|(original, written)| Some([original.clone(), written.as_ref().ok()?.clone()]))
        .flatten()
        .collect();
    let trees = fetch::fetch_trees(connection, &asked, types).await?.trees;
    let mut trees = trees.chunks(2);
    let mut verified = Vec::new();
    for query in written {
        let Ok(query) = query else {
            verified.push(query);
            continue;
        };
        let same = match trees.next() {
            Some([Ok(before), Ok(after)]) => tree::same(before, after),
            // A statement whose tree is not known is refused, never sent unverified.
            _ => false,
        };
        verified.push(if same {
            Ok(query)
        } else {
            Err(refused_by_postgres(connection, &query).await?)
        });
    }
    Ok(verified)
}

/// Postgres's error about a statement whose columns are written out.
async fn refused_by_postgres(
    connection: &mut PgConnection,
    described: &DescribedQuery,
) -> Result<Diagnostic, Failure> {
    let query = &described.query;
    let sql = AssertSqlSafe(query.sql.text.clone()).into_sql_str();
    match connection.prepare(sql).await {
        Ok(_) => {
            let reason = "written out, the statement would mean something else";
            Ok(refusal_diagnostic(query.name_span.clone(), reason))
        }
        Err(error) => {
            let error = refusal_of(error).map_err(Failure::query(&query.name))?;
            let found = from_postgres(&error, query.name_span.clone(), |at| query.locate(at));
            let span = found.span().unwrap_or(&query.name_span).clone();
            Ok(refusal_diagnostic(span, &found.message))
        }
    }
}
