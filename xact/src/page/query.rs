//! The statements of one `:page` query of a generated module, as data.

use crate::arguments::Arguments;
use crate::query::Query;
use crate::shaped::ShapedQuery;

/// A column of ORDER BY.
#[derive(Clone, Copy, Debug)]
pub struct KeyColumn {
    /// Its position in the result, from 0.
    pub column: usize,
    /// Whether it can be NULL.
    pub nullable: bool,
}

impl KeyColumn {
    /// The column at this position.
    pub const fn new(column: usize, nullable: bool) -> Self {
        Self { column, nullable }
    }
}

/// One `:page` query: a statement for each way to choose a page. `xact::generated::page_query!` makes it.
///
/// Each takes the parameters of the query, then the number of rows to read, then the values of the cursor that are not NULL.
#[derive(Debug)]
pub struct PageQuery {
    /// The rows from the beginning of the order.
    pub first: Query,
    /// The rows from its end, in reverse.
    pub last: Query,
    /// The rows after a cursor. Which of the nullable columns of the key are NULL in it chooses the statement: the first of them
    /// is the lowest bit of the index.
    pub after: &'static [Query],
    /// The rows before a cursor, in reverse, chosen likewise.
    pub before: &'static [Query],
    /// The number of all rows. It takes the parameters of the query alone.
    pub total: Query,
    /// The columns of ORDER BY, which identify a row.
    pub key: &'static [KeyColumn],
    /// The hash of everything that gives the values of a cursor their meaning.
    pub fingerprint: u64,
}

impl PageQuery {
    /// Starts the arguments of one call: those of the query.
    ///
    /// ```
    /// xact::generated::page_query!(static NAMES = {
    ///     name: "names", file: "queries/users.sql",
    ///     with: "", select: "SELECT *", count: "SELECT count(*)", rows: " FROM (SELECT name FROM users) AS xact_page",
    ///     columns: &[25], names: "name", key: [0: false], fingerprint: 0x7f60_077f_f2d6_0167,
    ///     total: &[],
    ///     first: " ORDER BY name LIMIT $1", &[20],
    ///     last: " ORDER BY name DESC LIMIT $1", &[20],
    ///     after: [" WHERE name > $2 ORDER BY name LIMIT $1", &[20, 25]],
    ///     before: [" WHERE name < $2 ORDER BY name DESC LIMIT $1", &[20, 25]],
    /// });
    /// fn user_names<'a>(run: &'a mut xact::generated::Runner<'_>) -> xact::Pages<'a, String> {
    ///     run.pages(NAMES.arguments(), &NAMES, |row| row.get(0))
    /// }
    /// # let _ = user_names;
    /// ```
    pub fn arguments(&'static self) -> Arguments {
        self.first.arguments()
    }
}

/// An order of a `:page` query that has parts or orders.
#[derive(Clone, Copy, Debug)]
pub struct PageOrder {
    /// The choice of the order as a bit mask; 0 if the query has a single one.
    pub choice: u64,
    /// The columns of ORDER BY, which identify a row.
    pub key: &'static [KeyColumn],
    /// The index of the parameter that is the value of the first of them; the others follow.
    pub parameter: usize,
    /// The hash of everything that gives the values of a cursor their meaning.
    pub fingerprint: u64,
}

/// One `:page` query that has parts or orders: the statements of its pages are alternatives of its text.
///
/// Its parameters are those of the query, the number of rows to read, and the values of the keys of each order.
#[derive(Debug)]
pub struct ShapedPages {
    /// The pieces of the statements.
    pub query: &'static ShapedQuery,
    /// The bit of the first page, which the last page, the total, those after and those before a cursor follow.
    pub group: u32,
    /// How many of these begin after a cursor, by the keys that are NULL in it, and as many before.
    pub seeks: u32,
    /// The index of the parameter that is the number of rows to read.
    pub limit: usize,
    /// The orders.
    pub orders: &'static [PageOrder],
    /// The statement of the total, of which only the columns are used.
    pub total: Query,
}

impl ShapedPages {
    /// The statement of the total of a query.
    pub const fn total(name: &'static str, file: &'static str) -> Query {
        Query {
            name,
            file,
            sql: "",
            parameters: &[],
            columns: &[20],
            names: "count",
        }
    }
}
