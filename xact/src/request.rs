//! One statement with its arguments, before it runs.

use std::future::poll_fn;

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{SqlSafeStr as _, SqlStr};

use crate::arguments::Arguments;
use crate::connection::Connection;
use crate::error::Error;
use crate::execution::Execution;
use crate::fetch::{Fetch, Prepared, RawSink, Sink};
use crate::origin::Origin;
use crate::query::Query;

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

    /// Makes it ready to run.
    pub(crate) fn execute(self) -> Execution<'a> {
        let statement = Prepared {
            sql: self.sql,
            is_kept: self.is_kept,
        };
        Execution::new(self.connection, self.origin, statement, self.values)
    }

    /// Runs to the end and gives every row to `sink`, once the first has the columns of the query. Gives the number of rows the
    /// statement affected or returned.
    pub(crate) fn each(
        self,
        query: &'static Query,
        sink: &mut dyn Sink,
    ) -> impl Future<Output = Result<u64, Error>> + Send {
        let mut execution = self.execute();
        poll_fn(move |context| execution.poll_rows(context, query, sink))
    }

    /// Runs to the end without looking at rows. Gives the number of rows the statement affected or returned.
    pub(crate) fn finish(self) -> impl Future<Output = Result<u64, Error>> + Send + use<'a> {
        let mut execution = self.execute();
        poll_fn(move |context| execution.poll(context, &mut |_: &PgRow| Ok(())))
    }

    /// Runs to the end and gives every row to `sink`. Gives the number of rows the statement affected or returned.
    pub(crate) fn each_raw(
        self,
        sink: &mut RawSink<'_>,
    ) -> impl Future<Output = Result<u64, Error>> + Send {
        let mut execution = self.execute();
        poll_fn(move |context| execution.poll(context, sink))
    }
}
