//! The call of a `:one` query.

use std::mem::replace;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::{OnlyRow, not_found};
use crate::Error;
use crate::arguments::Arguments;
use crate::connection::Connection;
use crate::execution::Execution;
use crate::query::Query;
use crate::request::Request;
use crate::row::Read;

/// A query that gives exactly one row; await it.
///
/// # Errors
/// No row ([`Error::is_not_found`]), more than one ([`Error::is_too_many_rows`]), or whatever Postgres reports.
///
/// # Cancellation
/// Dropping the future while it runs loses the transaction: it cannot be committed, and its connection is closed.
///
/// ```
/// # static COUNT: xact::generated::Query = xact::generated::Query {
/// #     name: "count", file: "queries/users.sql", sql: "SELECT count(*) FROM users", parameters: &[], columns: &[20], names: "" };
/// fn users_count<'a>(run: &'a mut xact::generated::Runner<'_>) -> xact::One<'a, i64> {
///     run.one(COUNT.arguments(), |row| row.get(0))
/// }
/// # let _ = users_count;
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct One<'a, R> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) arguments: Arguments,
    pub(crate) read: Read<R>,
}

impl<'a, R: Send + 'a> IntoFuture for One<'a, R> {
    type Output = Result<R, Error>;
    type IntoFuture = OneFuture<'a, R>;

    fn into_future(self) -> Self::IntoFuture {
        OneFuture {
            query: self.arguments.query(),
            execution: Request::query(self.connection, self.arguments).execute(),
            found: None,
            read: self.read,
        }
    }
}

/// The future of [`One`].
#[must_use = "futures do nothing unless polled"]
pub struct OneFuture<'a, R> {
    execution: Execution<'a>,
    query: &'static Query,
    found: Option<R>,
    read: Read<R>,
}

// No reference into the row outlives a poll.
impl<R> Unpin for OneFuture<'_, R> {}

impl<R: Send> Future for OneFuture<'_, R> {
    type Output = Result<R, Error>;

    #[expect(
        clippy::mem_replace_option_with_none,
        reason = "`take` is one more function for each type"
    )]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self {
            execution,
            query,
            found,
            read,
        } = self.get_mut();
        let mut only = OnlyRow { found, read: *read };
        match execution.poll_rows(context, query, &mut only) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(_)) => Poll::Ready(match replace(found, None) {
                Some(row) => Ok(row),
                None => Err(not_found(query)),
            }),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        }
    }
}
