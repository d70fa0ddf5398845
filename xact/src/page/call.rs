//! The call of one page: chooses the statement, reads one row more than the page has, and makes the cursors.

use super::key::{KeyValue, decode_key, encode_key};
use super::statements::Which;
use super::{Cursor, KeyColumn, Page, Pages, Statements};
use crate::arguments::Arguments;
use crate::calls::CallFuture;
use crate::connection::Connection;
use crate::error::{Cause, During, Error};
use crate::query::Query;
use crate::request::Request;
use crate::row::{Read, Row};

/// One page, to be awaited.
///
/// # Errors
/// A cursor that is not of this query ([`Error::is_invalid_cursor`]) and a size of 0 are found before anything is sent, so that the
/// transaction goes on. Otherwise whatever Postgres reports, or a row that cannot be read.
///
/// # Cancellation
/// Dropping the future while it runs loses the transaction: it cannot be committed, and its connection is closed.
///
/// ```
/// # use xact::{Error, Page, Pages};
/// async fn first_names(names: Pages<'_, String>) -> Result<Page<String>, Error> {
///     names.first(50).with_total().await
/// }
/// # let _ = first_names;
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct PageCall<'a, R> {
    connection: &'a mut Connection,
    arguments: Arguments,
    statements: Statements,
    read: Read<R>,
    size: u32,
    seek: Seek,
    with_total: bool,
}

/// Which rows a page has.
pub(super) enum Seek {
    First,
    After(Cursor),
    Before(Cursor),
    Last,
}

impl Seek {
    /// The cursor that was given.
    fn cursor(&self) -> Option<&Cursor> {
        match self {
            Self::After(cursor) | Self::Before(cursor) => Some(cursor),
            Self::First | Self::Last => None,
        }
    }

    /// Whether its statement gives the rows in reverse.
    fn is_backward(&self) -> bool {
        matches!(self, Self::Before(_) | Self::Last)
    }
}

impl<'a, R> PageCall<'a, R> {
    pub(super) fn new(pages: Pages<'a, R>, size: u32, seek: Seek) -> Self {
        Self {
            connection: pages.connection,
            arguments: pages.arguments,
            statements: pages.statements,
            read: pages.read,
            size,
            seek,
            with_total: false,
        }
    }

    /// Also counts the rows of all pages, by a second statement that reads all of them: [`Page::total`].
    ///
    /// Rows that others commit between the two statements are counted but not on the page, unless the transaction is
    /// [`RepeatableRead`](crate::Isolation::RepeatableRead).
    pub fn with_total(mut self) -> Self {
        self.with_total = true;
        self
    }
}

impl<'a, R: Send + 'a> IntoFuture for PageCall<'a, R> {
    type Output = Result<Page<R>, Error>;
    type IntoFuture = CallFuture<'a, Page<R>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<R: Send> PageCall<'_, R> {
    async fn run(self) -> Result<Page<R>, Error> {
        let statements = self.statements;
        let (key, fingerprint) = statements.order(&self.arguments);
        let counting = self.with_total.then(|| statements.count(&self.arguments));
        let own = self.arguments.pushed();
        let statement = choose_statement(statements, &self.seek, self.arguments, self.size)?;
        let mut window = Window::new(key, self.read, self.size);
        let query = statement.query();
        Request::query(self.connection, statement)
            .each(query, &mut |row: &Row<'_>| window.add(row))
            .await
            .map_err(|error| match self.seek.cursor() {
                // The values of the query, then LIMIT.
                Some(_) if error.refuses_parameter_after(own + 1) => invalid_cursor(query, REFUSED),
                _ => error,
            })?;
        let total = match counting {
            Some((arguments, query)) => Some(count_rows(self.connection, arguments, query).await?),
            None => None,
        };
        Ok(Page {
            total,
            ..window.into_page(&self.seek, fingerprint)
        })
    }
}

/// Of a cursor whose checksum is right, so that someone made it.
const REFUSED: &str = "the cursor has a value that the database refuses";

const OF_ANOTHER: &str =
    "the cursor is not of this query, or of an earlier version with another order, filter or type";

fn invalid_cursor(query: &'static Query, problem: &str) -> Error {
    Error::new(
        During::Query(query.into()),
        Cause::Cursor(problem.to_owned()),
    )
}

/// The statement of a page with all its arguments.
fn choose_statement(
    statements: Statements,
    seek: &Seek,
    arguments: Arguments,
    size: u32,
) -> Result<Arguments, Error> {
    let query = statements.query();
    if size == 0 {
        let problem = "a page has at least one row, but its size is 0";
        let cause = Cause::Refused(problem.to_owned());
        return Err(Error::new(During::Query(query.into()), cause));
    }
    let (key, fingerprint) = statements.order(&arguments);
    let values = match seek.cursor() {
        None => Some(Vec::new()),
        Some(cursor) => cursor
            .values_for(fingerprint)
            .and_then(|values| decode_key(values, key)),
    };
    let values = values.ok_or_else(|| invalid_cursor(query, OF_ANOTHER))?;
    let nulls = nulls_of(key, &values);
    let which = match seek {
        Seek::First => Which::First,
        Seek::Last => Which::Last,
        Seek::After(_) => Which::After(nulls),
        Seek::Before(_) => Which::Before(nulls),
    };
    // One more row says whether there is another page.
    let limit = i64::from(size) + 1;
    let chosen = statements.choose(which, arguments, limit, values);
    chosen.ok_or_else(|| invalid_cursor(query, OF_ANOTHER))
}

/// Which of the nullable columns of the key are NULL, as bits from the lowest.
fn nulls_of(key: &[KeyColumn], values: &[KeyValue<'_>]) -> usize {
    let columns = key.iter().zip(values);
    let nullable = columns.filter(|(column, _)| column.nullable);
    let bits = nullable.enumerate();
    bits.fold(0, |nulls, (bit, (_, value))| {
        nulls | usize::from(value.0.is_none()) << bit
    })
}

async fn count_rows(
    connection: &mut Connection,
    arguments: Arguments,
    query: &'static Query,
) -> Result<u64, Error> {
    let mut total = 0;
    Request::query(connection, arguments)
        .each(query, &mut |row: &Row<'_>| {
            total = row.get::<i64>(0)?.unsigned_abs();
            Ok(())
        })
        .await?;
    Ok(total)
}

/// The rows of one statement, in its order, as they arrive.
struct Window<R> {
    key: &'static [KeyColumn],
    read: Read<R>,
    size: usize,
    rows: Vec<R>,
    /// The key of the first row.
    near: Option<Vec<u8>>,
    /// The key of the last row, if the page is full.
    far: Option<Vec<u8>>,
    /// Whether there is a row beyond the page.
    more: bool,
}

impl<R> Window<R> {
    fn new(key: &'static [KeyColumn], read: Read<R>, size: u32) -> Self {
        Self {
            key,
            read,
            size: usize::try_from(size).unwrap_or(usize::MAX),
            rows: Vec::new(),
            near: None,
            far: None,
            more: false,
        }
    }

    fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        if self.rows.len() == self.size {
            self.more = true;
            return Ok(());
        }
        // Cursors are made of the first and the last row alone, so no other row's key is encoded.
        if self.rows.is_empty() {
            self.near = Some(encode_key(row, self.key)?);
        }
        self.rows.push((self.read)(row)?);
        if self.rows.len() == self.size {
            self.far = Some(encode_key(row, self.key)?);
        }
        Ok(())
    }

    fn into_page(mut self, seek: &Seek, fingerprint: u64) -> Page<R> {
        let cursor = |key: &[u8]| Cursor::new(fingerprint, key);
        // The page that a cursor came from is on the near side.
        let near = self.near.as_deref().filter(|_| seek.cursor().is_some());
        let far = self.far.as_deref().filter(|_| self.more);
        let (near, far) = (near.map(cursor), far.map(cursor));
        let (previous, next) = if seek.is_backward() {
            self.rows.reverse();
            (far, near)
        } else {
            (near, far)
        };
        Page {
            rows: self.rows,
            next,
            previous,
            total: None,
        }
    }
}
