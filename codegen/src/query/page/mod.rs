//! `:page`: from one SELECT with ORDER BY to the statements of its first, next, previous and last page.
//!
//! Given: finished queries; those with `:page` have the order that their tree says. Gives: the same queries, with the statements
//! of their pages. Postgres has prepared each, so a statement that it does not accept is a diagnostic.
//!
//! ```sql
//! SELECT id, title FROM notes               SELECT xact_page.* FROM (
//! ORDER BY id DESC LIMIT :limit               SELECT id, title FROM notes
//!                                           ) AS xact_page
//!                                           WHERE xact_page.id < $2 ORDER BY xact_page.id DESC LIMIT $1
//! ```
//! The query becomes a subquery, because a condition on its result is right whatever it does: groups, windows and set operations
//! included. Postgres plans a plain SELECT as if the condition were in it, with the same indexes ("pulling up" a subquery,
//! `src/backend/optimizer/README`).
//!
//! ```text
//! layout      where the clauses are          refuse     statements without pages, orders that are not unique
//! operators   how values are compared        seek       the rows beyond a cursor
//! statements  the wire SQL                    shaped     the same of a query with parts or orders
//! ```

#[cfg(test)]
mod evaluation;
mod layout;
mod operators;
mod refuse;
mod seek;
mod statements;

mod alternatives;
mod shaped;

use super::{Command, DescribedColumn, DescribedQuery, Finished, Query, TypeCatalog, describe};
use crate::report::Failure;
use crate::report::diagnostic::Diagnostic;
use crate::schema::Schema;
use serde::{Deserialize, Serialize};
pub use shaped::{OrderOfPage, ShapedPage};

use layout::Layout;
use sqlx::PgConnection;
use statements::PageWriter;

/// The statements of a query's pages.
///
/// The statement of a page is `with`, `select`, `rows` and its own end; that of the total is `with`, `count` and `rows`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// WITH, up to the main SELECT.
    pub with: String,
    /// The outer SELECT of a page.
    pub select: String,
    /// The outer SELECT of the total.
    pub count: String,
    /// FROM with the query as a subquery.
    pub rows: String,
    /// The end of the statement of the first page, and of the last, whose rows come in reverse.
    pub first: String,
    /// See `first`.
    pub last: String,
    /// The ends of the statements after a cursor, by the keys that are NULL in it.
    pub after: Vec<Seek>,
    /// Those before a cursor, whose rows come in reverse.
    pub before: Vec<Seek>,
    /// ORDER BY.
    pub keys: Vec<PageKey>,
    /// The columns of the result; those that are only there for the cursor come last.
    pub columns: Vec<DescribedColumn>,
    /// Why the keys identify a row.
    pub evidence: String,
    /// The hash of everything that gives the values of a cursor their meaning.
    pub fingerprint: u64,
}

/// The end of a statement that begins at a cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seek {
    /// WHERE, ORDER BY and LIMIT.
    pub sql: String,
    /// The keys that are its parameters, after LIMIT.
    pub keys: Vec<usize>,
}

/// One element of ORDER BY.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageKey {
    /// As written, with its direction.
    pub written: String,
    /// Its column in the result, from 0.
    pub column: usize,
    /// The OID of its type.
    pub type_oid: u32,
    /// Whether it can be NULL.
    pub nullable: bool,
}

impl Page {
    /// The whole statement with this end.
    pub(super) fn statement(&self, end: &str) -> String {
        [&self.with, &self.select, &self.rows, end].concat()
    }
}

/// Adds the statements of the queries that are read in pages; those that cannot be become diagnostics.
///
/// # Errors
/// If the connection breaks.
///
/// # Cancellation
/// Dropping the future leaves nothing behind: statements are prepared, never run.
pub async fn write_pages(
    connection: &mut PgConnection,
    queries: Vec<Finished>,
    catalog: &TypeCatalog,
    schema: &Schema,
) -> Result<(Vec<Finished>, Vec<Diagnostic>), Failure> {
    let (mut good, mut diagnostics) = (Vec::new(), Vec::new());
    for query in queries {
        if query.query.command != Command::Page {
            good.push(query);
            continue;
        }
        match write_page(connection, query, catalog, schema).await? {
            Ok(query) => good.push(query),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    Ok((good, diagnostics))
}

async fn write_page(
    connection: &mut PgConnection,
    mut query: Finished,
    catalog: &TypeCatalog,
    schema: &Schema,
) -> Result<Result<Finished, Diagnostic>, Failure> {
    // Before any SQL is written: its messages are about the query, those of Postgres would be about
    // the subquery.
    if let Err(diagnostic) = refuse::check_statement(&query) {
        return Ok(Err(diagnostic));
    }
    if query.query.shape.is_some() {
        return shaped::write_shaped_page(connection, query, catalog, schema).await;
    }
    let layout = match Layout::read(&query) {
        Ok(layout) => layout,
        Err(diagnostic) => return Ok(Err(diagnostic)),
    };
    let order = match refuse::check_order(&query, 0, &layout) {
        Ok(order) => order.clone(),
        Err(diagnostic) => return Ok(Err(diagnostic)),
    };
    let operators = operators::read(connection, &order.keys).await?;
    let writer = match PageWriter::new(&query, &layout, &order, &operators) {
        Ok(writer) => writer,
        Err(diagnostic) => return Ok(Err(diagnostic)),
    };
    // The first page needs no types; it says those of the keys.
    let first = match prepare(connection, &query, writer.first_page(), schema).await? {
        Ok(described) => described,
        Err(diagnostic) => return Ok(Err(diagnostic)),
    };
    let page = match writer.write_page(&first, catalog) {
        Ok(page) => page,
        Err(diagnostic) => return Ok(Err(diagnostic)),
    };
    // Each is prepared: a key's type may have no comparison with a parameter of that type.
    let seeks = page.after.iter().chain(&page.before);
    let ends = seeks.map(|seek| &seek.sql).chain([&page.last]);
    for end in ends {
        let statement = writer.with_end(end);
        match prepare(connection, &query, statement, schema).await? {
            // The decoder of the first page reads all pages.
            Ok(described) if described.columns == page.columns => {}
            Ok(_) => return Ok(Err(refuse::other_columns(&query))),
            Err(diagnostic) => return Ok(Err(diagnostic)),
        }
    }
    if let Some(limit) = layout.limit {
        // The caller gives the size of each page.
        query.typed.parameters.remove(limit - 1);
        query.typed.query.parameters.remove(limit - 1);
    }
    query.page = Some(page);
    Ok(Ok(query))
}

/// Prepares one of the statements, which has to be accepted as the query was.
async fn prepare(
    connection: &mut PgConnection,
    query: &Finished,
    sql: super::WireSql,
    schema: &Schema,
) -> Result<Result<DescribedQuery, Diagnostic>, Failure> {
    let statement = Query {
        sql,
        ..query.query.clone()
    };
    let note = format!(
        "the statement of a page is `{}`",
        statement.sql.text.replace('\n', " ")
    );
    let (described, refused) = describe(connection, vec![statement], schema).await?;
    let refused = refused.into_iter().next();
    Ok(match (described.into_iter().next(), refused) {
        (Some(described), _) => Ok(described),
        (None, Some(refused)) => Err(refused.note(note)),
        (None, None) => Err(refuse::other_columns(query).note(note)),
    })
}
