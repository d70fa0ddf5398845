//! The rows of a query one by one, each of which borrows its texts and bytes from the message that it arrived in.

use std::future::poll_fn;

use sqlx::postgres::PgRow;

use crate::Error;
use crate::fetch::Fetch;
use crate::query::Query;
use crate::row::{BorrowedRow, Row};

/// The rows of a `:stream` query with `-- xact: borrowed rows`. Each row is valid until the next one is read, so that its texts and
/// bytes are not copied.
///
/// It is no `Stream`, because the items of a `Stream` outlive it.
///
/// ```
/// # static NAMES: xact::generated::Query = xact::generated::Query {
/// #     name: "names", file: "queries/users.sql", sql: "SELECT name FROM users", parameters: &[], columns: &[25], names: "" };
/// # async fn example(run: &mut xact::generated::Runner<'_>) -> Result<(), xact::Error> {
/// let mut names: xact::BorrowedRows<'_, &'static str> = run.stream_borrowed(NAMES.arguments());
/// let mut longest = 0;
/// while let Some(name) = names.next().await? {
///     longest = longest.max(name.len());
/// }
/// # let _ = longest; Ok(()) }
/// ```
///
/// A row cannot be kept while the next one is read:
///
/// ```compile_fail,E0499
/// # async fn example(mut names: xact::BorrowedRows<'_, &'static str>) -> Result<(), xact::Error> {
/// let first = names.next().await?;
/// let second = names.next().await?;
/// assert_ne!(first, second);
/// # Ok(()) }
/// ```
#[must_use = "rows arrive when they are asked for"]
pub struct BorrowedRows<'a, R> {
    fetch: Fetch<'a>,
    query: &'static Query,
    /// The message that the last row borrows from.
    last: Option<PgRow>,
    checked: bool,
    rows: std::marker::PhantomData<fn() -> R>,
}

impl<'a, R: BorrowedRow> BorrowedRows<'a, R> {
    pub(crate) fn new(fetch: Fetch<'a>, query: &'static Query) -> Self {
        Self {
            fetch,
            query,
            last: None,
            checked: false,
            rows: std::marker::PhantomData,
        }
    }

    /// Reads the next row; `None` after the last.
    ///
    /// # Errors
    /// Whatever Postgres reports, which ends the rows, or a row that cannot be read.
    ///
    /// # Cancellation
    /// Dropping the future of one row loses no row: the next call gives it. Rows that are dropped before their end are left unread
    /// and lose the transaction, as a dropped future does.
    pub async fn next(&mut self) -> Result<Option<R::Row<'_>>, Error> {
        let Some(row) = poll_fn(|context| self.fetch.poll_next(context)).await else {
            self.last = None;
            return Ok(None);
        };
        let row = Row::new(self.last.insert(row?), self.query);
        // All rows of a result have the same columns.
        if !self.checked {
            row.check()?;
            self.checked = true;
        }
        R::read(&row).map(Some)
    }
}
