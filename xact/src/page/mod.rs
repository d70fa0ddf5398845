//! Pages of a query's rows: given a size and perhaps a cursor, gives the rows, and the cursors of the pages beside them.
//!
//! A page begins at a row's place in the order of the query, not at a number of rows to skip, so that rows which are inserted or
//! deleted elsewhere neither repeat nor hide others, and a deep page costs as much as the first.
//!
//! ```text
//! base64url   bytes as text for a URL             cursor   the place of a row, as an opaque text
//! key         the values of ORDER BY in a cursor  query    the statements of one `:page` query
//! statements  a statement for each way to choose a page
//! pages       a query of which no page is chosen  call     one page
//! ```

mod base64url;
mod call;
mod cursor;
mod key;
mod pages;
mod query;
mod statements;

pub use self::call::PageCall;
pub use self::cursor::{Cursor, InvalidCursor};
pub use self::pages::Pages;
pub use self::query::{KeyColumn, PageOrder, PageQuery, ShapedPages};
pub(crate) use self::statements::Statements;

/// One page of a query's rows.
///
/// ```
/// fn links(page: &xact::Page<String>) -> Vec<String> {
///     let next = page.next.iter().map(|cursor| format!("/bookmarks?after={cursor}"));
///     let previous = page.previous.iter().map(|cursor| format!("/bookmarks?before={cursor}"));
///     next.chain(previous).collect()
/// }
/// # let _ = links;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<R> {
    /// The rows, in the order of the query; as many as were asked for, or fewer at an end.
    pub rows: Vec<R>,
    /// The cursor to pass to [`Pages::after`] to get the next page; `None` if this is the last.
    ///
    /// The page after a cursor of [`Pages::before`] is not looked for, because its first row was on the page that the cursor
    /// came from.
    pub next: Option<Cursor>,
    /// The cursor to pass to [`Pages::before`] to get the page before this one; `None` if this is the first.
    ///
    /// The page before a cursor of [`Pages::after`] is not looked for, because its last row was on the page that the cursor came
    /// from.
    pub previous: Option<Cursor>,
    /// How many rows all pages have, if [`PageCall::with_total`] asked for it.
    pub total: Option<u64>,
}
