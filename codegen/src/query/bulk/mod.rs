//! Queries that take a slice: from the statement for one row to the one that is sent for all.
//!
//! Given: typed queries, analysed as they are written, for one row. Gives: those with `:batch` and `:copy` with what is sent
//! in their place. Postgres has prepared it, so what it does not accept is a diagnostic.
//!
//! ```text
//! clauses  where the clauses of a statement stand     columns  parameters → the columns of the slice
//! batch    one row → a join with the slice            copy     INSERT → COPY
//! ```

mod clauses;
mod columns;

mod batch;
mod copy;

use super::analysis::Typed;
use super::{Command, Described, Query, SentSql, TypeCatalog, describe};
use crate::Failure;
use crate::diagnostic::{Diagnostic, from_postgres};
use crate::schema::Schema;
use sqlx::{Connection as _, PgConnection};

/// What is sent for a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bulk {
    /// The statement.
    pub sql: String,
    /// What it takes of each element: the arrays that are its parameters, or the columns of COPY.
    pub values: Vec<BulkValue>,
}

/// What a statement takes of each element of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BulkValue {
    /// The parameter of the query that it is, counted from 0.
    pub parameter: usize,
    /// The OID of its type; of a list, that of the list's elements.
    pub type_oid: u32,
    /// How it travels.
    pub shape: Shape,
}

/// How what is taken of the elements of a slice travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One value of each.
    Value,
    /// An array of each. Postgres has no arrays of arrays, so it is three parameters: where each begins and where each ends in
    /// an array of all.
    List,
}

/// Fills in what is sent for the queries that take a slice; those that cannot become diagnostics.
///
/// # Errors
/// If the connection breaks.
///
/// # Cancellation
/// Dropping the future leaves nothing behind: statements are prepared, or rolled back before the connection is used again.
pub async fn take_slices(
    connection: &mut PgConnection,
    queries: Vec<Typed>,
    catalog: &TypeCatalog,
    schema: &Schema,
) -> Result<(Vec<Typed>, Vec<Diagnostic>), Failure> {
    let (mut good, mut diagnostics) = (Vec::new(), Vec::new());
    for mut typed in queries {
        let bulk = match typed.query.command {
            Command::Batch => match batch::rewrite(&typed, catalog) {
                Ok(batch) => prepare(connection, &typed, batch, schema).await?.map(Some),
                Err(diagnostic) => Err(diagnostic),
            },
            Command::Copy => match copy::rewrite(&typed, catalog) {
                Ok(copy) => attempt(connection, &typed, copy).await?.map(Some),
                Err(diagnostic) => Err(diagnostic),
            },
            _ => Ok(None),
        };
        match bulk {
            Ok(bulk) => {
                typed.bulk = bulk;
                good.push(typed);
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    Ok((good, diagnostics))
}

/// What Postgres says of a statement that was made of another.
async fn prepare(
    connection: &mut PgConnection,
    typed: &Typed,
    (sql, values): (SentSql, Vec<BulkValue>),
    schema: &Schema,
) -> Result<Result<Bulk, Diagnostic>, Failure> {
    let text = sql.text.clone();
    let query = Query {
        sql,
        ..typed.query.clone()
    };
    let (described, refused) = describe(connection, vec![query], schema).await?;
    if let Some(refused) = refused.into_iter().next() {
        let sent = text.replace('\n', " ");
        let refused = out_of_sight(refused);
        return Ok(Err(refused.note(format!("the batch is `{sent}`"))));
    }
    if described
        .first()
        .is_some_and(|found| !same_rows(found, typed))
    {
        let span = typed.query.name_span.clone();
        let message = "`RETURNING *` would give the columns of the batch as well";
        let diagnostic = Diagnostic::error("batch-form", span, message);
        return Ok(Err(diagnostic.help("name the columns")));
    }
    Ok(Ok(Bulk { sql: text, values }))
}

/// As written the statement was right, so a column that Postgres does not know is one of the slice, in a place of FROM that
/// does not see it.
fn out_of_sight(refused: Diagnostic) -> Diagnostic {
    match refused.span() {
        Some(span) if refused.code == "unknown-column" => {
            let message = "no row of the batch can be seen from here";
            Diagnostic::error("batch-parameter", span.clone(), message).help("say it in WHERE")
        }
        _ => refused,
    }
}

/// A COPY cannot be prepared, so one of no rows is run, and rolled back.
async fn attempt(
    connection: &mut PgConnection,
    typed: &Typed,
    copy: Bulk,
) -> Result<Result<Bulk, Diagnostic>, Failure> {
    let mut transaction = connection
        .begin()
        .await
        .map_err(Failure::connection(DOING))?;
    let copied = copy_nothing(&mut transaction, &copy.sql).await;
    transaction
        .rollback()
        .await
        .map_err(Failure::connection(DOING))?;
    let Err(error) = copied else {
        return Ok(Ok(copy));
    };
    match error
        .as_database_error()
        .and_then(|error| error.try_downcast_ref())
    {
        Some(refused) => {
            let diagnostic = from_postgres(refused, typed.query.name_span.clone(), |_| None);
            Ok(Err(diagnostic.note(format!("the copy is `{}`", copy.sql))))
        }
        None => Err(Failure::connection(DOING)(error)),
    }
}

const DOING: &str = "trying a COPY of no rows";

/// The signature, no flags and no extension of the header, and the trailer: chapter "COPY", "Binary Format".
const NOTHING: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0\xff\xff";

async fn copy_nothing(connection: &mut PgConnection, sql: &str) -> Result<u64, sqlx::Error> {
    let mut copy = connection.copy_in_raw(sql).await?;
    copy.send(NOTHING).await?;
    copy.finish().await
}

fn same_rows(described: &Described, typed: &Typed) -> bool {
    let found = described.columns.iter().map(|column| column.type_oid);
    found.eq(typed.columns.iter().map(|column| column.type_oid))
}
