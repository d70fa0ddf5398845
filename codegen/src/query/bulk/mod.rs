//! Queries that take a slice: from the statement for one row to the one that is sent for all.
//!
//! Given: typed queries, analysed as they are written, for one row. Gives: those with `:batch` and `:copy` with the wire SQL
//! for a slice. Postgres has prepared it, so a statement that it does not accept is a diagnostic.
//!
//! ```text
//! clauses  where the clauses of a statement are       columns  parameters → the columns of the slice
//! from     the relations that the slice is joined with
//! batch    one row → a join with the slice            copy     INSERT → COPY
//! select   rows → the rows of each element
//! ```

mod clauses;
mod columns;
mod from;

mod batch;
mod copy;
mod select;

use super::analysis::Typed;
use super::planned::{GENERIC, Placeholders, Planned, plan_statement};
use super::scopes::is_unsettled;
use super::{Authorised, Command, DescribedQuery, Finished, Query, TypeCatalog, describe};
use crate::report::Failure;
use crate::report::diagnostic::{Diagnostic, from_postgres, refusal_of};
use crate::schema::Schema;
pub(super) use columns::{element_of, unbounded};
use serde::{Deserialize, Serialize};

use batch::Rewritten;
use sqlx::postgres::PgDatabaseError;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqlSafeStr as _};

/// The wire SQL for a slice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulk {
    /// The statement.
    pub sql: String,
    /// The values that it takes of each element: the arrays that are its parameters, or the columns of COPY.
    pub values: Vec<BulkValue>,
    /// Whether its rows are those of each element: the last column, beyond those of the query, has the element's number.
    pub numbered: bool,
}

/// A value that a statement takes of each element of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkValue {
    /// The parameter of the query that it is, counted from 0.
    pub parameter: usize,
    /// The OID of its type; of a list, that of the list's elements.
    pub type_oid: u32,
    /// How it is sent.
    pub shape: BulkForm,
}

/// How the values of the elements of a slice are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BulkForm {
    /// One value of each.
    Value,
    /// An array of each. Postgres has no arrays of arrays, so it is three parameters: where each begins and where each ends in
    /// an array of all.
    List,
}

/// Adds the wire SQL of the queries that take a slice; those that cannot be rewritten become diagnostics.
///
/// # Errors
/// If the connection breaks.
///
/// # Cancellation
/// Dropping the future leaves nothing behind: statements are prepared, or rolled back before the connection is used again.
pub async fn take_slices(
    connection: &mut PgConnection,
    queries: Vec<Authorised>,
    catalog: &TypeCatalog,
    schema: &Schema,
) -> Result<(Vec<Finished>, Vec<Diagnostic>), Failure> {
    let (mut good, mut diagnostics) = (Vec::new(), Vec::new());
    for mut authorised in queries {
        let bulk = match authorised.query.command {
            Command::Batch => match batch::rewrite_batch(&authorised, catalog) {
                Ok(batch) => {
                    let prepared =
                        prepare_batch(connection, &mut authorised, batch, schema, catalog).await?;
                    prepared.map(Some)
                }
                Err(diagnostic) => Err(diagnostic),
            },
            Command::Copy => match copy::rewrite_copy(&authorised, catalog) {
                Ok(copy) => try_copy(connection, &authorised, copy).await?.map(Some),
                Err(diagnostic) => Err(diagnostic),
            },
            _ => Ok(None),
        };
        match bulk {
            Ok(bulk) => {
                good.push(Finished {
                    authorised,
                    bulk,
                    page: None,
                    shaped_page: None,
                });
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    Ok((good, diagnostics))
}

/// Prepares and plans a rewritten statement, and checks that it gives the columns of the original.
async fn prepare_batch(
    connection: &mut PgConnection,
    typed: &mut Typed,
    rewritten: Rewritten,
    schema: &Schema,
    catalog: &TypeCatalog,
) -> Result<Result<Bulk, Diagnostic>, Failure> {
    let Rewritten {
        sql,
        values,
        ungrouped,
        numbered,
    } = rewritten;
    let bulk = |sql: String| Bulk {
        sql,
        values,
        numbered,
    };
    let text = sql.text.clone();
    let failed = Failure::query(&typed.query.name);
    let query = Query {
        sql,
        ..typed.query.clone()
    };
    let note = format!("the batch is `{}`", text.replace('\n', " "));
    let (described, refused) = describe(connection, vec![query], schema).await?;
    if let Some(refused) = refused.into_iter().next() {
        return Ok(Err(out_of_sight(refused).note(note)));
    }
    let Some(described) = described.into_iter().next() else {
        return Ok(Ok(bulk(text)));
    };
    let span = typed.query.name_span.clone();
    if !same_rows(&described, typed, numbered) {
        // In an UPDATE or DELETE, `RETURNING *` has the columns of FROM and USING too, and those of the slice among them.
        let message = "`RETURNING *` would give the columns of the batch as well";
        let diagnostic = Diagnostic::error("batch-form", span, message);
        return Ok(Err(diagnostic.help("name the columns")));
    }
    if let Some(ungrouped) = ungrouped
        && is_aggregated(connection, ungrouped, &typed.query.name).await?
    {
        let message = "an aggregate of parameters alone would be one of the whole batch";
        let diagnostic = Diagnostic::error("batch-form", span, message);
        let help = "aggregate a column: `sum(tags.weight * :factor)`, not `sum(:factor)`";
        return Ok(Err(diagnostic.help(help)));
    }
    // Prepare parses and rewrites but does not plan, and some refusals are the planner's.
    let planned = plan_batch(connection, &described, catalog).await;
    if let Planned::Refused(error) = planned.map_err(failed)? {
        if is_of_statement(&error) {
            let diagnostic = from_postgres(&error, typed.query.span.clone(), |_| None);
            return Ok(Err(diagnostic.note(note)));
        }
        // Another attempt may be refused for a reason of the statement.
        typed.is_settled &= !is_unsettled(error.code());
    }
    Ok(Ok(bulk(text)))
}

/// The statement as written was valid, so an unknown name is that of the slice, in a part of FROM that cannot refer to it.
fn out_of_sight(refused: Diagnostic) -> Diagnostic {
    match refused.span() {
        Some(span) if matches!(refused.code, "unknown-column" | "unknown-table") => {
            let message = "this clause cannot refer to the columns of the batch";
            let help = "move the condition of an inner join to WHERE, or put the join into a subquery: \
                `FROM (SELECT … FROM … JOIN … ON …) AS joined`";
            Diagnostic::error("batch-parameter", span.clone(), message).help(help)
        }
        _ => refused,
    }
}

/// `grouping_error` in Appendix A.
const GROUPING: &str = "42803";

/// Whether Postgres refuses a query because it mixes an aggregate with plain columns.
async fn is_aggregated(
    connection: &mut PgConnection,
    sql: String,
    name: &str,
) -> Result<bool, Failure> {
    let sql = AssertSqlSafe(sql).into_sql_str();
    let Err(error) = (&mut *connection).prepare(sql).await else {
        return Ok(false);
    };
    let refused = refusal_of(error).map_err(Failure::query(name))?;
    Ok(refused.code() == GROUPING)
}

/// Whether the planner accepts a batch whose statement it accepted as it is written.
async fn plan_batch(
    connection: &mut PgConnection,
    described: &DescribedQuery,
    catalog: &TypeCatalog,
) -> Result<Planned, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let placeholders = Placeholders::for_types(&described.parameters, catalog);
    transaction.execute(GENERIC).await?;
    let planned =
        plan_statement(&mut transaction, &described.query.sql.text, &placeholders).await?;
    transaction.rollback().await?;
    Ok(planned)
}

/// Other classes of errors come from the values and settings of the attempt, and an application may have others.
fn is_of_statement(error: &PgDatabaseError) -> bool {
    let mut classes = ["0A", "42"].iter();
    classes.any(|class| error.code().starts_with(class))
}

/// A COPY cannot be prepared, so one of no rows is run, and rolled back.
async fn try_copy(
    connection: &mut PgConnection,
    typed: &Typed,
    copy: Bulk,
) -> Result<Result<Bulk, Diagnostic>, Failure> {
    let failed = || Failure::query(&typed.query.name);
    let mut transaction = connection.begin().await.map_err(failed())?;
    let copied = copy_nothing(&mut transaction, &copy.sql).await;
    transaction.rollback().await.map_err(failed())?;
    let Err(error) = copied else {
        return Ok(Ok(copy));
    };
    let refused = refusal_of(error).map_err(failed())?;
    let diagnostic = from_postgres(&refused, typed.query.name_span.clone(), |_| None);
    Ok(Err(diagnostic.note(format!("the copy is `{}`", copy.sql))))
}

/// The signature, no flags and no extension of the header, and the trailer: chapter "COPY", "Binary Format".
const NOTHING: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0\xff\xff";

async fn copy_nothing(connection: &mut PgConnection, sql: &str) -> Result<u64, sqlx::Error> {
    let mut copy = connection.copy_in_raw(sql).await?;
    copy.send(NOTHING).await?;
    copy.finish().await
}

/// The OID of `int4`, the type of an element's number.
const INT4: u32 = 23;

fn same_rows(described: &DescribedQuery, typed: &Typed, numbered: bool) -> bool {
    let found = described.columns.iter().map(|column| column.type_oid);
    let wanted = typed.columns.iter().map(|column| column.type_oid);
    found.eq(wanted.chain(numbered.then_some(INT4)))
}
