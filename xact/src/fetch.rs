//! The one place where a query runs: given a connection and arguments, gives the rows, and keeps the connection's state true.
//!
//! Nothing here is generic over a row type, so it is compiled once, with this crate.

use std::mem::replace;
use std::ops::ControlFlow;
use std::task::{Context, Poll, ready};

use futures_core::stream::BoxStream;
use futures_util::StreamExt as _;
use sqlx::postgres::{PgArguments, PgQueryResult, PgRow};
use sqlx::{Either, Executor as _, SqlStr};
use tracing::Span;

use crate::connection::{Connection, State, Status};
use crate::error::{Cause, During, Error};
use crate::origin::Origin;
use crate::row::Row;
use crate::span;

/// The rows and the ends of commands, as sqlx gives them.
type Messages<'a> = BoxStream<'a, Result<Either<PgQueryResult, PgRow>, sqlx::Error>>;

/// Where a call puts each row of a query. A trait and not a function, because a closure is three functions for each type of rows.
pub(crate) trait Sink: Send {
    /// Takes the next row.
    fn take(&mut self, row: &Row<'_>) -> Result<(), Error>;
}

impl<F: FnMut(&Row<'_>) -> Result<(), Error> + Send> Sink for F {
    fn take(&mut self, row: &Row<'_>) -> Result<(), Error> {
        self(row)
    }
}

/// The function that a call passes each row to, if the columns were not known at generation.
pub(crate) type RawSink<'s> = dyn FnMut(&PgRow) -> Result<(), Error> + Send + 's;

/// The text of a statement.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) sql: SqlStr,
    /// Whether it is kept prepared; otherwise it is forgotten once it has run.
    pub(crate) is_kept: bool,
}

/// A statement under way.
pub(crate) struct Fetch<'a> {
    results: Results<'a>,
    span: Span,
    /// The first error of the sink.
    taken: Result<(), Error>,
}

/// The results of a statement as they arrive, and the state of its connection.
struct Results<'a> {
    origin: Origin,
    progress: Progress<'a>,
    /// Invariant: `Unknown` from the first poll until the server has reported the end of the statement.
    status: &'a mut Status,
    /// The state to come back to.
    before: State,
    affected: u64,
    rows: u64,
}

enum Progress<'a> {
    /// Nothing was sent, for this reason.
    Refused(Error),
    Running(Messages<'a>),
    Over,
}

impl<'a> Fetch<'a> {
    /// Prepares to run a statement with these values, to do nothing if there are none, or to return the error that keeps it from
    /// running; nothing is sent before the first poll.
    pub(crate) fn new(
        connection: &'a mut Connection,
        origin: Origin,
        statement: Prepared,
        values: Result<Option<PgArguments>, Error>,
    ) -> Self {
        let Prepared { sql, is_kept } = statement;
        let span = span::start_query_span(origin, sql.as_str(), connection.server());
        let (connection, status) = connection.parts();
        let before = status.state;
        let progress = match (before.is_usable(), values) {
            (false, _) => Progress::Refused(Error::new(During::Query(origin), Cause::Lost)),
            (true, Err(error)) => Progress::Refused(error),
            (true, Ok(None)) => Progress::Over,
            (true, Ok(Some(values))) => {
                let query = sqlx::query_with(sql, values).persistent(is_kept);
                Progress::Running(connection.fetch_many(query))
            }
        };
        let results = Results {
            origin,
            progress,
            status,
            before,
            affected: 0,
            rows: 0,
        };
        Self {
            results,
            span,
            taken: Ok(()),
        }
    }

    /// Gives every row that has arrived to `sink`. At the end it gives the number of rows the statement affected or returned.
    ///
    /// After an error of the sink the remaining rows are read and dropped, so that the connection stays usable.
    pub(crate) fn poll_each(
        &mut self,
        context: &mut Context<'_>,
        sink: &mut RawSink<'_>,
    ) -> Poll<Result<u64, Error>> {
        let Self {
            results,
            span,
            taken,
        } = self;
        // Entered once for all rows that are there, because entering is a part of the cost of a row.
        let _entered = span.enter();
        let ended = results.poll_rows(context, span, |row| {
            // After an error of the sink the rows are still read to their end: unread ones would
            // cost the connection.
            if taken.is_ok() {
                *taken = sink(&row);
            }
            ControlFlow::Continue(())
        });
        let error = ready!(ended);
        Poll::Ready(match error {
            Some(Err(error)) => Err(error),
            Some(Ok(_)) | None => replace(taken, Ok(())).map(|()| results.affected),
        })
    }

    pub(crate) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<PgRow, Error>>> {
        // A span that is not collected would be written to `log` for each row, which costs as much as reading a text.
        let _entered = (!self.span.is_disabled()).then(|| self.span.enter());
        self.results
            .poll_rows(context, &self.span, ControlFlow::Break)
    }
}

impl Results<'_> {
    /// Gives each row that has arrived to `take`, until it keeps one, which is returned, or until the end of the statement.
    ///
    /// `take` is inlined, because a row that is read where its message is needs not be moved.
    fn poll_rows(
        &mut self,
        context: &mut Context<'_>,
        span: &Span,
        mut take: impl FnMut(PgRow) -> ControlFlow<PgRow>,
    ) -> Poll<Option<Result<PgRow, Error>>> {
        let messages = match &mut self.progress {
            Progress::Running(messages) => messages,
            progress => {
                return Poll::Ready(match replace(progress, Progress::Over) {
                    Progress::Refused(error) => Some(Err(error)),
                    Progress::Running(_) | Progress::Over => None,
                });
            }
        };
        // On each poll, not once: the future may be dropped after any of them.
        self.status.state = State::Unknown;
        self.status.fresh = false;
        let ended = loop {
            match ready!(messages.poll_next_unpin(context)) {
                Some(Ok(Either::Right(row))) => {
                    self.rows += 1;
                    if let ControlFlow::Break(row) = take(row) {
                        return Poll::Ready(Some(Ok(row)));
                    }
                }
                // A statement of several commands, as a rule makes one, reports each.
                Some(Ok(Either::Left(done))) => self.affected += done.rows_affected(),
                Some(Err(error)) => break Err(error),
                None => break Ok(()),
            }
        };
        self.progress = Progress::Over;
        Poll::Ready(self.finish(span, ended).err().map(Err))
    }

    /// Records the end of the statement, which the server has reported.
    fn finish(&mut self, span: &Span, ended: Result<(), sqlx::Error>) -> Result<(), Error> {
        match ended {
            Ok(()) => {
                self.status.record_success(self.before);
                span::record_rows(span, self.rows);
                Ok(())
            }
            Err(error) => {
                let error = self.status.record_failure(self.before, self.origin, error);
                span::record_error(span, &error);
                Err(error)
            }
        }
    }
}
