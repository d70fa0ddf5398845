//! One statement with its arguments, run again where it failed only because it had been prepared before a migration.
//!
//! The server refuses a prepared statement whose result, or the type of a parameter, a migration has changed. It could be prepared
//! again at once, but the error has aborted the transaction. Where it was the first statement of its transaction, nothing is lost
//! with that: the transaction begins again, on the same connection. Elsewhere the error is retryable.

use std::mem::replace;

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{SqlSafeStr as _, SqlStr};

use crate::arguments::Arguments;
use crate::connection::Connection;
use crate::error::Error;
use crate::fetch::{Fetch, Prepared, RawSink, Sink};
use crate::origin::Origin;
use crate::query::Query;
use crate::row::Row;

/// A statement that was not run yet.
pub(crate) struct Request<'a> {
    connection: &'a mut Connection,
    origin: Origin,
    sql: SqlStr,
    /// Whether the statement is kept prepared.
    is_kept: bool,
    /// `None` if there is nothing to run the statement for.
    values: Result<Option<PgArguments>, Error>,
}

impl<'a> Request<'a> {
    /// A query of a module.
    pub(crate) fn query(connection: &'a mut Connection, arguments: Arguments) -> Self {
        let query = arguments.query();
        let (sql, is_kept) = arguments.statement();
        if arguments.is_variant() {
            connection.expect_statement(sql.as_str());
        } else {
            connection.expect_query(query);
        }
        let nothing = arguments.is_nothing();
        let values = arguments
            .finish()
            .map(|values| (!nothing).then_some(values));
        Self {
            connection,
            origin: query.into(),
            sql,
            is_kept,
            values,
        }
    }

    /// A statement made at run time.
    pub(crate) fn dynamic(
        connection: &'a mut Connection,
        origin: Origin,
        parts: Result<(SqlStr, PgArguments), Error>,
    ) -> Self {
        let (sql, values) = match parts {
            Ok((sql, values)) => (sql, Ok(Some(values))),
            Err(error) => ("".into_sql_str(), Err(error)),
        };
        connection.expect_statement(sql.as_str());
        Self {
            connection,
            origin,
            sql,
            is_kept: true,
            values,
        }
    }

    /// Begins to run it. The caller reads rows as they arrive, so that it cannot be run again.
    pub(crate) fn fetch(self) -> Fetch<'a> {
        let statement = Prepared {
            sql: self.sql,
            is_kept: self.is_kept,
        };
        Fetch::new(self.connection, self.origin, statement, self.values)
    }

    /// Runs to the end and gives every row to `sink`, once the first has the columns of the query. Gives the number of rows the
    /// statement affected or returned.
    pub(crate) async fn each(
        &mut self,
        query: &'static Query,
        sink: &mut Sink<'_>,
    ) -> Result<u64, Error> {
        let mut first = true;
        self.each_raw(&mut |row| {
            let row = Row::new(row, query);
            // All rows of a result have the same columns.
            if replace(&mut first, false) {
                row.check()?;
            }
            sink(&row)
        })
        .await
    }

    /// Runs to the end without looking at rows. Gives the number of rows the statement affected or returned.
    pub(crate) async fn finish(mut self) -> Result<u64, Error> {
        self.each_raw(&mut |_: &PgRow| Ok(())).await
    }

    /// Runs to the end and gives every row to `sink`. Gives the number of rows the statement affected or returned. It runs once: a
    /// second time it does nothing.
    ///
    /// Borrows the request, because a future has its arguments twice: as it was made, and as it runs. glibc's `malloc` takes four times
    /// as long for a future beyond 1,032 bytes, the longest that it keeps in lists of a thread's own.
    pub(crate) async fn each_raw(&mut self, sink: &mut RawSink<'_>) -> Result<u64, Error> {
        let again = self.copy_values();
        // The error of an outdated statement comes before its first row.
        match self.start().each_raw(sink).await {
            // Boxed, because its future would be a part of that of each call.
            Err(error) if error.is_outdated() => Box::pin(self.run_again(error, again, sink)).await,
            outcome => outcome,
        }
    }

    /// The values for a second attempt, where one is possible.
    fn copy_values(&self) -> Option<Box<PgArguments>> {
        match &self.values {
            Ok(Some(values)) if self.connection.can_begin_again() => Some(Box::new(values.clone())),
            _ => None,
        }
    }

    fn start(&mut self) -> Fetch<'_> {
        let statement = Prepared {
            sql: self.sql.clone(),
            is_kept: self.is_kept,
        };
        let values = replace(&mut self.values, Ok(None));
        Fetch::new(self.connection, self.origin, statement, values)
    }

    /// Runs it once more in a transaction that begins again, after the error of an outdated statement.
    async fn run_again(
        &mut self,
        error: Error,
        values: Option<Box<PgArguments>>,
        sink: &mut RawSink<'_>,
    ) -> Result<u64, Error> {
        let Some(values) = values else {
            return Err(error);
        };
        tracing::debug!(%error, "preparing the statement again");
        if let Err(failed) = self.connection.begin_again().await {
            tracing::debug!(error = %failed, "the transaction could not begin again");
            // The first error is the one that says why.
            return Err(error);
        }
        self.values = Ok(Some(*values));
        self.start().each_raw(sink).await
    }
}
