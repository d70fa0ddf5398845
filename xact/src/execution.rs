//! A statement that runs, once more where it failed only because it had been prepared before a migration.
//!
//! The server refuses a prepared statement whose result, or the type of a parameter, a migration has changed. It could be prepared
//! again at once, but the error has aborted the transaction. Where it was the first statement of its transaction, nothing is lost
//! with that: the transaction begins again, on the same connection. Elsewhere the error is retryable.
//!
//! It is polled with the sink of its rows and not made with it, so that nothing here is compiled for each type of rows.

use std::mem::replace;
use std::task::{Context, Poll, ready};

use futures_core::future::BoxFuture;
use self_cell::{MutBorrow, self_cell};
use sqlx::postgres::{PgArguments, PgRow};

use crate::connection::Connection;
use crate::error::Error;
use crate::fetch::{Fetch, Prepared, RawSink, Sink};
use crate::origin::Origin;
use crate::query::Query;
use crate::row::Row;

/// A statement that runs to its end.
pub(crate) struct Execution<'a> {
    stage: Stage<'a>,
    /// What a second attempt needs, where one is possible.
    again: Option<Box<Again>>,
    /// Whether a row was compared with the columns of the query.
    checked: bool,
}

enum Stage<'a> {
    Running(Attempt<'a>),
    BeginningAgain(BoxFuture<'a, Result<Attempt<'a>, Error>>),
    Over,
}

self_cell!(
    /// The results of a statement beside the connection that they borrow, which is needed once more if it has to run again.
    struct Attempt<'a> {
        owner: MutBorrow<&'a mut Connection>,
        #[not_covariant]
        dependent: Fetch,
    }
);

/// A statement with its values, to be run again.
struct Again {
    origin: Origin,
    statement: Prepared,
    values: PgArguments,
}

impl<'a> Execution<'a> {
    /// Makes it ready: nothing is sent before the first poll.
    pub(crate) fn new(
        connection: &'a mut Connection,
        origin: Origin,
        statement: Prepared,
        values: Result<Option<PgArguments>, Error>,
    ) -> Self {
        let again = match &values {
            Ok(Some(values)) if connection.can_begin_again() => Some(Box::new(Again {
                origin,
                statement: statement.clone(),
                values: values.clone(),
            })),
            _ => None,
        };
        Self {
            stage: Stage::Running(attempt(connection, origin, statement, values)),
            again,
            checked: false,
        }
    }

    /// Gives every row that has arrived to `sink`, once the first has the columns of the query. At the end it gives the number of
    /// rows the statement affected or returned.
    pub(crate) fn poll_rows(
        &mut self,
        context: &mut Context<'_>,
        query: &'static Query,
        sink: &mut dyn Sink,
    ) -> Poll<Result<u64, Error>> {
        let mut checked = self.checked;
        let outcome = self.poll(context, &mut |row: &PgRow| {
            let row = Row::new(row, query);
            // All rows of a result have the same columns.
            if !replace(&mut checked, true) {
                row.check()?;
            }
            sink.take(&row)
        });
        self.checked = checked;
        outcome
    }

    /// Gives every row that has arrived to `sink`. At the end it gives the number of rows the statement affected or returned.
    pub(crate) fn poll(
        &mut self,
        context: &mut Context<'_>,
        sink: &mut RawSink<'_>,
    ) -> Poll<Result<u64, Error>> {
        loop {
            let outcome = match &mut self.stage {
                Stage::Running(attempt) => {
                    ready!(attempt.with_dependent_mut(|_, fetch| fetch.poll_each(context, sink)))
                }
                Stage::BeginningAgain(beginning) => {
                    match ready!(beginning.as_mut().poll(context)) {
                        Ok(attempt) => {
                            self.stage = Stage::Running(attempt);
                            continue;
                        }
                        Err(error) => Err(error),
                    }
                }
                Stage::Over => Ok(0),
            };
            match (
                replace(&mut self.stage, Stage::Over),
                self.again.take(),
                outcome,
            ) {
                // The error of an outdated statement comes before its first row.
                (Stage::Running(attempt), Some(again), Err(error)) if error.is_outdated() => {
                    let connection = attempt.into_owner().into_inner();
                    let beginning = begin_again(connection, error, again);
                    self.stage = Stage::BeginningAgain(Box::pin(beginning));
                }
                (_, _, outcome) => return Poll::Ready(outcome),
            }
        }
    }
}

fn attempt(
    connection: &mut Connection,
    origin: Origin,
    statement: Prepared,
    values: Result<Option<PgArguments>, Error>,
) -> Attempt<'_> {
    Attempt::new(MutBorrow::new(connection), |connection| {
        Fetch::new(connection.borrow_mut(), origin, statement, values)
    })
}

/// Begins the transaction again, after the error of an outdated statement, for a second attempt.
async fn begin_again(
    connection: &mut Connection,
    error: Error,
    again: Box<Again>,
) -> Result<Attempt<'_>, Error> {
    tracing::debug!(%error, "preparing the statement again");
    if let Err(failed) = connection.begin_again().await {
        tracing::debug!(error = %failed, "the transaction could not begin again");
        // The first error is the one that says why.
        return Err(error);
    }
    let Again {
        origin,
        statement,
        values,
    } = *again;
    Ok(attempt(connection, origin, statement, Ok(Some(values))))
}
