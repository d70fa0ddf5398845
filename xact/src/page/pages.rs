//! A `:page` query with its arguments, of which no page is chosen yet.

use super::call::{PageCall, Seek};
use super::{Cursor, Statements};
use crate::arguments::Arguments;
use crate::connection::Connection;
use crate::row::Read;

/// A query whose rows are read page by page; choose one with [`first`](Self::first), [`after`](Self::after),
/// [`before`](Self::before) or [`last`](Self::last), and await that.
///
/// The size of a page is a number of rows, at least 1. A service limits the size that a client asks for, because all rows of a page
/// are kept in memory: `size.clamp(1, 100)`.
///
/// ```
/// # use xact::{Cursor, Error, Page, Pages};
/// async fn read_page(names: Pages<'_, String>, after: Option<&Cursor>) -> Result<Page<String>, Error> {
///     match after {
///         Some(cursor) => names.after(cursor, 50).await,
///         None => names.first(50).await,
///     }
/// }
/// # let _ = read_page;
/// ```
#[must_use = "it does nothing until a page is chosen and awaited"]
pub struct Pages<'a, R> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) arguments: Arguments,
    pub(crate) statements: Statements,
    pub(crate) read: Read<R>,
}

impl<'a, R> Pages<'a, R> {
    /// The first rows.
    pub fn first(self, size: u32) -> PageCall<'a, R> {
        PageCall::new(self, size, Seek::First)
    }

    /// The rows after the row of a cursor, whether that row is still there or not.
    pub fn after(self, cursor: &Cursor, size: u32) -> PageCall<'a, R> {
        PageCall::new(self, size, Seek::After(cursor.clone()))
    }

    /// The rows before the row of a cursor, whether that row is still there or not; the last of them if there are more.
    pub fn before(self, cursor: &Cursor, size: u32) -> PageCall<'a, R> {
        PageCall::new(self, size, Seek::Before(cursor.clone()))
    }

    /// The last rows.
    pub fn last(self, size: u32) -> PageCall<'a, R> {
        PageCall::new(self, size, Seek::Last)
    }
}
