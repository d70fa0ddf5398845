//! One statement built at run time, and the ways to run it.

use std::panic::Location;
use std::task::{Context, Poll, ready};

use futures_core::stream::BoxStream;
use futures_util::stream::{StreamExt as _, poll_fn};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{AssertSqlSafe, Decode, FromRow, Postgres, SqlSafeStr as _, SqlStr, Type};

use super::guard::find_unreadable;
use super::{Statement, first_word};
use crate::calls::CallFuture;
use crate::connection::Connection;
use crate::error::{Cause, During, Error};
use crate::origin::Origin;
use crate::request::Request;
use crate::{Scope, Xact, nul};

impl<S: Scope> Xact<S> {
    /// Runs SQL that is built at run time, by `sqlx::QueryBuilder`, by `sqlx::query`, or, with the feature `sea-query`, by sea-query.
    ///
    /// It runs as a generated query does: in this scope, with a span, an error that has the name given here and the location of
    /// this call, and [`Pool::retry`](crate::Pool::retry) sees its conflicts. The name is part of the wire SQL, as a comment, so
    /// that `pg_stat_activity` and `pg_stat_statements` show it. Names from [`orm::names`](crate::Columns) cannot be misspelt.
    ///
    /// Statements that could end the transaction, or change its role or session, are refused: SET, COMMIT, LISTEN. State that a
    /// function or a temporary table leaves in the session reaches no other transaction.
    ///
    /// Prefer a query file where it is possible: nothing checks this SQL before it runs.
    ///
    /// ```
    /// # xact::generated::columns! { pub enum Bookmarks(None, "bookmarks") { Title = "title", } }
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
    /// use xact::sqlx::QueryBuilder;
    ///
    /// let mut filter = QueryBuilder::new("SELECT count(*) FROM ");
    /// filter.push(Bookmarks::TABLE).push(" WHERE ").push(Bookmarks::Title).push(" LIKE ").push_bind("%rust%");
    /// let count: i64 = q.sql("bookmarks_filter", filter).value().await?;
    /// # let _ = count;
    /// # Ok(()) }
    /// ```
    #[track_caller]
    pub fn sql(&mut self, name: &'static str, statement: impl Statement) -> Sql<'_> {
        let origin = Origin::dynamic(name, Location::caller());
        let parts = prepare_statement(origin, statement);
        Sql {
            connection: &mut self.connection,
            origin,
            parts,
        }
    }
}

fn prepare_statement(
    origin: Origin,
    statement: impl Statement,
) -> Result<(SqlStr, PgArguments), Error> {
    let refused = |problem| Error::new(During::Query(origin), Cause::Refused(problem));
    let unencodable = |source| Error::sqlx(During::Query(origin), sqlx::Error::Encode(source));
    let (sql, values) = statement.into_parts().map_err(unencodable)?;
    nul::refuse_nul(sql.as_str(), "the statement").map_err(refused)?;
    let (first, rest) = first_word::split_first_word(sql.as_str()).map_err(refused)?;
    // Without a star nothing in the name can end the comment, nor begin another in it. Before the first word, Postgres 18 would
    // leave it out of `pg_stat_statements`.
    let name = origin.name.replace('*', "_");
    let sql = AssertSqlSafe(format!("{first} /* {name} */{rest}")).into_sql_str();
    Ok((sql, values))
}

/// A statement built at run time. Nothing is sent until the future of one of its methods is awaited.
///
/// Rows are read as tuples, or as any type that implements `sqlx::FromRow`. A type that the row does not have is an error,
/// and so is a date, a time or a number that the Rust type of generated code cannot hold, such as `infinity`: cast it to `text`.
///
/// # Errors
/// Of each method: the statement could end the transaction, as COMMIT, or outlive it, as SET; a value cannot be encoded; a row
/// cannot be read; or Postgres reports an error.
///
/// # Cancellation
/// Dropping a future or stream while it runs loses the transaction: it cannot be committed, and its connection is closed.
///
/// ```
/// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
/// let pages: Vec<(String, i64)> = q.sql("pages", "SELECT url, views FROM pages").many().await?;
/// let deleted: u64 = q.sql("pages_purge", "DELETE FROM pages WHERE views = 0").execute().await?;
/// # let _ = (pages, deleted);
/// # Ok(()) }
/// ```
#[must_use = "a statement does nothing until one of its calls is awaited"]
pub struct Sql<'a> {
    connection: &'a mut Connection,
    origin: Origin,
    parts: Result<(SqlStr, PgArguments), Error>,
}

impl<'a> Sql<'a> {
    fn into_request(self) -> Request<'a> {
        Request::dynamic(self.connection, self.origin, self.parts)
    }

    /// All rows.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
    /// let pages: Vec<(String, i64)> = q.sql("pages", "SELECT url, views FROM pages").many().await?;
    /// # let _ = pages; Ok(()) }
    /// ```
    pub fn many<R>(self) -> CallFuture<'a, Vec<R>>
    where
        R: for<'r> FromRow<'r, PgRow> + Send + 'a,
    {
        Box::pin(async move {
            let mut rows = Vec::new();
            let sink = &mut |row: R| {
                rows.push(row);
                Ok(())
            };
            self.read_each(sink).await?;
            Ok(rows)
        })
    }

    /// The row, or `None`.
    ///
    /// # Errors
    /// Also more than one row ([`Error::is_too_many_rows`]).
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
    /// let page: Option<(String, i64)> = q.sql("page", "SELECT url, views FROM pages WHERE id = 7").optional().await?;
    /// # let _ = page; Ok(()) }
    /// ```
    pub fn optional<R>(self) -> CallFuture<'a, Option<R>>
    where
        R: for<'r> FromRow<'r, PgRow> + Send + 'a,
    {
        Box::pin(async move {
            let origin = self.origin;
            let mut found = None;
            let sink = &mut |row: R| match found.replace(row) {
                None => Ok(()),
                Some(_) => Err(Error::new(During::Query(origin), Cause::TooManyRows)),
            };
            self.read_each(sink).await?;
            Ok(found)
        })
    }

    /// The one row.
    ///
    /// # Errors
    /// Also no row ([`Error::is_not_found`]), and more than one ([`Error::is_too_many_rows`]).
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
    /// let (least, most): (i64, i64) = q.sql("views", "SELECT min(views), max(views) FROM pages").one().await?;
    /// # let _ = (least, most); Ok(()) }
    /// ```
    pub fn one<R>(self) -> CallFuture<'a, R>
    where
        R: for<'r> FromRow<'r, PgRow> + Send + 'a,
    {
        Box::pin(async move {
            let origin = self.origin;
            let found = self.optional().await?;
            found.ok_or_else(|| Error::new(During::Query(origin), Cause::NotFound))
        })
    }

    /// The first column of the one row.
    ///
    /// # Errors
    /// Those of [`one`](Self::one).
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
    /// let pages: i64 = q.sql("pages_count", "SELECT count(*) FROM pages").value().await?;
    /// # let _ = pages; Ok(()) }
    /// ```
    pub fn value<T>(self) -> CallFuture<'a, T>
    where
        T: for<'r> Decode<'r, Postgres> + Type<Postgres> + Send + Unpin + 'a,
    {
        Box::pin(async move { self.one().await.map(|(value,)| value) })
    }

    /// The first column of all rows.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
    /// let urls: Vec<String> = q.sql("pages_urls", "SELECT url FROM pages").values().await?;
    /// # let _ = urls; Ok(()) }
    /// ```
    pub fn values<T>(self) -> CallFuture<'a, Vec<T>>
    where
        T: for<'r> Decode<'r, Postgres> + Type<Postgres> + Send + Unpin + 'a,
    {
        Box::pin(async move {
            let mut values = Vec::new();
            let sink = &mut |(value,): (T,)| {
                values.push(value);
                Ok(())
            };
            self.read_each(sink).await?;
            Ok(values)
        })
    }

    /// The rows one by one, as they arrive.
    ///
    /// # Cancellation
    /// A stream dropped before its end leaves rows unread and loses the transaction, as a dropped future does.
    ///
    /// ```
    /// # use futures_util::StreamExt as _;
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
    /// let mut pages = q.sql("pages", "SELECT url, views FROM pages").stream::<(String, i64)>();
    /// while let Some(page) = pages.next().await {
    ///     let (url, views) = page?;
    ///     println!("{url}: {views}");
    /// }
    /// # Ok(()) }
    /// ```
    pub fn stream<R>(self) -> BoxStream<'a, Result<R, Error>>
    where
        R: for<'r> FromRow<'r, PgRow> + Send + 'a,
    {
        let origin = self.origin;
        let mut fetch = self.into_request().fetch();
        let next = move |context: &mut Context<'_>| {
            let row = ready!(fetch.poll_next(context));
            Poll::Ready(row.map(|row| row.and_then(|row| read_row(origin, &row))))
        };
        poll_fn(next).boxed()
    }

    /// Runs it, and gives the number of rows that it affected: 0 for a statement that affects none, such as LOCK.
    ///
    /// ```
    /// # async fn example<S: xact::Scope>(q: &mut xact::Xact<S>) -> Result<(), xact::Error> {
    /// q.sql("pages_lock", "LOCK TABLE pages").execute().await?;
    /// let deleted: u64 = q.sql("pages_purge", "DELETE FROM pages WHERE views = 0").execute().await?;
    /// # let _ = deleted; Ok(()) }
    /// ```
    pub fn execute(self) -> CallFuture<'a, u64> {
        Box::pin(self.into_request().finish())
    }

    /// Gives every row to `sink`.
    async fn read_each<R: for<'r> FromRow<'r, PgRow>>(
        self,
        sink: &mut (dyn FnMut(R) -> Result<(), Error> + Send),
    ) -> Result<(), Error> {
        let origin = self.origin;
        let sink = &mut |row: &PgRow| read_row(origin, row).and_then(&mut *sink);
        self.into_request().each_raw(sink).await.map(drop)
    }
}

fn read_row<R: for<'r> FromRow<'r, PgRow>>(origin: Origin, row: &PgRow) -> Result<R, Error> {
    // sqlx's `Decode` panics for `infinity` and years past 9999, and reads `24:00` as midnight, so those are refused before.
    if let Some((column, source)) = find_unreadable(row) {
        let cause = Cause::Decode { column, source };
        return Err(Error::new(During::Query(origin), cause));
    }
    R::from_row(row).map_err(|error| Error::sqlx(During::Query(origin), error))
}
