//! The rows of a `:many` query one by one.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::Error;
use crate::fetch::Fetch;
use crate::query::Query;
use crate::row::{Read, Row};

/// The rows of a query as they arrive; see [`Many::stream`](crate::Many::stream).
#[must_use = "a stream does nothing until it is polled"]
pub struct RowStream<'a, R> {
    fetch: Fetch<'a>,
    query: &'static Query,
    read: Read<R>,
    checked: bool,
}

impl<'a, R> RowStream<'a, R> {
    pub(super) fn new(fetch: Fetch<'a>, query: &'static Query, read: Read<R>) -> Self {
        Self {
            fetch,
            query,
            read,
            checked: false,
        }
    }
}

impl<R> Stream for RowStream<'_, R> {
    type Item = Result<R, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(row) = ready!(self.fetch.poll_next(context)) else {
            return Poll::Ready(None);
        };
        let row = row?;
        let row = Row::new(&row, self.query);
        if !self.checked {
            self.checked = true;
            row.check()?;
        }
        Poll::Ready(Some((self.read)(&row)))
    }
}
