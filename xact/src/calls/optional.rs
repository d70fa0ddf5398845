//! The call of an `:optional` query.

use std::mem::replace;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::OnlyRow;
use crate::Error;
use crate::arguments::Arguments;
use crate::connection::Connection;
use crate::execution::Execution;
use crate::query::Query;
use crate::request::Request;
use crate::row::Read;

/// A query that gives at most one row; await it.
///
/// # Errors
/// More than one row ([`Error::is_too_many_rows`]), or whatever Postgres reports.
///
/// # Cancellation
/// Dropping the future while it runs loses the transaction: it cannot be committed, and its connection is closed.
///
/// ```
/// # static NAME: xact::generated::Query = xact::generated::Query {
/// #     name: "name", file: "queries/users.sql", sql: "SELECT name FROM users WHERE id = $1", parameters: &[20], columns: &[25], names: "" };
/// fn user_name<'a>(run: &'a mut xact::generated::Runner<'_>, id: i64) -> xact::Optional<'a, String> {
///     run.optional(NAME.arguments().push(id), |row| row.get(0))
/// }
/// # let _ = user_name;
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Optional<'a, R> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) arguments: Arguments,
    pub(crate) read: Read<R>,
}

impl<'a, R: Send + 'a> IntoFuture for Optional<'a, R> {
    type Output = Result<Option<R>, Error>;
    type IntoFuture = OptionalFuture<'a, R>;

    fn into_future(self) -> Self::IntoFuture {
        OptionalFuture {
            query: self.arguments.query(),
            execution: Request::query(self.connection, self.arguments).execute(),
            found: None,
            read: self.read,
        }
    }
}

/// The future of [`Optional`].
#[must_use = "futures do nothing unless polled"]
pub struct OptionalFuture<'a, R> {
    execution: Execution<'a>,
    query: &'static Query,
    found: Option<R>,
    read: Read<R>,
}

// No reference into the row outlives a poll.
impl<R> Unpin for OptionalFuture<'_, R> {}

impl<R: Send> Future for OptionalFuture<'_, R> {
    type Output = Result<Option<R>, Error>;

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
            Poll::Ready(Ok(_)) => Poll::Ready(Ok(replace(found, None))),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        }
    }
}
