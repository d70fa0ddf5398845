//! The functions that generated methods call: given arguments and how to read a row, gives a call to be awaited.

use crate::arguments::Arguments;
use crate::calls::{BorrowedRows, CopyRows, Execute, Many, ManyOfEach, One, Optional, RowStream};
use crate::connection::Connection;
use crate::copy::CopyData;
use crate::page::{PageQuery, Pages, ShapedPages, Statements};
use crate::request::Request;
use crate::row::{BorrowedRow, Read};

/// Runs queries on the connection of one transaction. A generated `Orm` holds one.
///
/// The name of each method is the cardinality that the query was annotated with. No method sends anything: the call it gives
/// does, when it is awaited.
pub struct Runner<'a> {
    connection: &'a mut Connection,
}

impl<'a> Runner<'a> {
    pub(crate) fn new(connection: &'a mut Connection) -> Self {
        Self { connection }
    }

    /// A query that gives exactly one row.
    ///
    /// ```
    /// # static COUNT: xact::generated::Query = xact::generated::Query {
    /// #     name: "count", file: "queries/users.sql", sql: "SELECT count(*) FROM users", parameters: &[], columns: &[20], names: "" };
    /// # async fn example(run: &mut xact::generated::Runner<'_>) -> Result<(), xact::Error> {
    /// let count: i64 = run.one(COUNT.arguments(), |row| row.get(0)).await?;
    /// # let _ = count; Ok(()) }
    /// ```
    pub fn one<R>(&mut self, arguments: Arguments, read: Read<R>) -> One<'_, R> {
        One {
            connection: self.connection,
            arguments,
            read,
        }
    }

    /// A query that gives at most one row.
    ///
    /// ```
    /// # static NAME: xact::generated::Query = xact::generated::Query {
    /// #     name: "name", file: "queries/users.sql", sql: "SELECT name FROM users WHERE id = $1", parameters: &[20], columns: &[25], names: "" };
    /// # async fn example(run: &mut xact::generated::Runner<'_>) -> Result<(), xact::Error> {
    /// let name: Option<String> = run.optional(NAME.arguments().push(7_i64), |row| row.get(0)).await?;
    /// # let _ = name; Ok(()) }
    /// ```
    pub fn optional<R>(&mut self, arguments: Arguments, read: Read<R>) -> Optional<'_, R> {
        Optional {
            connection: self.connection,
            arguments,
            read,
        }
    }

    /// A query that gives any number of rows.
    ///
    /// ```
    /// # static NAMES: xact::generated::Query = xact::generated::Query {
    /// #     name: "names", file: "queries/users.sql", sql: "SELECT name FROM users", parameters: &[], columns: &[25], names: "" };
    /// # async fn example(run: &mut xact::generated::Runner<'_>) -> Result<(), xact::Error> {
    /// let names: Vec<String> = run.many(NAMES.arguments(), |row| row.get(0)).await?;
    /// # let _ = names; Ok(()) }
    /// ```
    pub fn many<R>(&mut self, arguments: Arguments, read: Read<R>) -> Many<'_, R> {
        Many {
            connection: self.connection,
            arguments,
            read,
        }
    }

    /// A query that gives any number of rows for each of so many elements of a slice. Its last column is the number of the
    /// element, from 1.
    ///
    /// ```
    /// # static NAMES: xact::generated::Query = xact::generated::Query {
    /// #     name: "names", file: "queries/users.sql", sql: "SELECT …", parameters: &[1009], columns: &[25, 23], names: "" };
    /// # async fn example(run: &mut xact::generated::Runner<'_>) -> Result<(), xact::Error> {
    /// let cities = ["Lisbon", "Porto"];
    /// let arguments = NAMES.arguments().push_each(25, &cities, |city| *city);
    /// let names: Vec<Vec<String>> = run.many_of_each(arguments, cities.len(), |row| row.get(0)).await?;
    /// # let _ = names; Ok(()) }
    /// ```
    pub fn many_of_each<R>(
        &mut self,
        arguments: Arguments,
        elements: usize,
        read: Read<R>,
    ) -> ManyOfEach<'_, R> {
        ManyOfEach {
            connection: self.connection,
            arguments,
            elements,
            read,
        }
    }

    /// A query that gives any number of rows, one by one as they arrive.
    ///
    /// ```
    /// # use futures_util::TryStreamExt as _;
    /// # static NAMES: xact::generated::Query = xact::generated::Query {
    /// #     name: "names", file: "queries/users.sql", sql: "SELECT name FROM users", parameters: &[], columns: &[25], names: "" };
    /// # async fn example(run: &mut xact::generated::Runner<'_>) -> Result<(), xact::Error> {
    /// let mut names = run.stream(NAMES.arguments(), |row| row.get::<String>(0));
    /// while let Some(name) = names.try_next().await? {
    ///     println!("{name}");
    /// }
    /// # Ok(()) }
    /// ```
    pub fn stream<R>(&mut self, arguments: Arguments, read: Read<R>) -> RowStream<'_, R> {
        self.many(arguments, read).stream()
    }

    /// A query that gives any number of rows, one by one as they arrive, whose texts and bytes are not copied;
    /// [`BorrowedRows`](crate::BorrowedRows) has an example.
    pub fn stream_borrowed<R: BorrowedRow>(&mut self, arguments: Arguments) -> BorrowedRows<'_, R> {
        let query = arguments.query();
        BorrowedRows::new(Request::query(self.connection, arguments).fetch(), query)
    }

    /// A query whose rows are read page by page; [`PageQuery::arguments`] has an example.
    pub fn pages<R>(
        &mut self,
        arguments: Arguments,
        page: &'static PageQuery,
        read: Read<R>,
    ) -> Pages<'_, R> {
        Pages {
            connection: self.connection,
            arguments,
            statements: Statements::Plain(page),
            read,
        }
    }

    /// The same for a query that has parts or orders.
    pub fn shaped_pages<R>(
        &mut self,
        arguments: Arguments,
        pages: &'static ShapedPages,
        read: Read<R>,
    ) -> Pages<'_, R> {
        Pages {
            connection: self.connection,
            arguments,
            statements: Statements::Shaped(pages),
            read,
        }
    }

    /// A statement, awaited for the number of rows that it affected.
    ///
    /// ```
    /// # static PURGE: xact::generated::Query = xact::generated::Query {
    /// #     name: "purge", file: "queries/users.sql", sql: "DELETE FROM users WHERE gone", parameters: &[], columns: &[], names: "" };
    /// # async fn example(run: &mut xact::generated::Runner<'_>) -> Result<(), xact::Error> {
    /// let purged: u64 = run.execute(PURGE.arguments()).await?;
    /// # let _ = purged; Ok(()) }
    /// ```
    pub fn execute(&mut self, arguments: Arguments) -> Execute<'_> {
        Execute {
            connection: self.connection,
            arguments,
        }
    }

    /// A COPY of rows into a table.
    ///
    /// ```
    /// # static LOAD: xact::generated::Query = xact::generated::Query {
    /// #     name: "load", file: "queries/users.sql", sql: "COPY users (name) FROM STDIN (FORMAT binary)",
    /// #     parameters: &[25], columns: &[], names: "" };
    /// # async fn example(run: &mut xact::generated::Runner<'_>) -> Result<(), xact::Error> {
    /// let loaded: u64 = run.copy(LOAD.copy(&["Ada", "Grace"], |name, row| row.push(*name))).await?;
    /// # let _ = loaded; Ok(()) }
    /// ```
    pub fn copy(&mut self, data: CopyData) -> CopyRows<'_> {
        CopyRows {
            connection: self.connection,
            data,
        }
    }
}
