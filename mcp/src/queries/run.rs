//! One call: a transaction of the scope, the query in it as the runtime runs it, and its rows up to the limits.

use super::KnownQuery;
use super::answers::AnswerWriter;
use super::arguments::{GivenArguments, PageChoice, read_arguments};
use super::bulk::{encode_arrays, encode_copy};
use super::encode::{choose_arguments, encode_values};
use crate::answer::ToolError;
use crate::limits::Limits;
use crate::scope::AgentScope;
use crate::values::{RawRow, RawValue, read_raw_row};
use futures_util::TryStreamExt as _;
use serde_json::{Map, Value};
use xact::generated::{Arguments, Runner};
use xact::{Page, Pool, TransactionOptions, Xact};
use xact_codegen::query::Command;

/// Runs queries in one scope.
#[derive(Clone)]
pub(crate) struct QueryRunner {
    reads: Pool,
    writes: Pool,
    scope: AgentScope,
    limits: Limits,
}

/// The rows of a call, as they came.
pub(super) enum Fetched {
    Affected(u64),
    Row(Option<RawRow>),
    Rows(Vec<RawRow>, Option<Cut>),
    Page(Page<RawRow>),
    RowsOfEach(Vec<Vec<RawRow>>),
}

/// Which limit cut a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    Rows,
    Bytes,
}

/// The size of a page if the model names none: it is read whole.
const DEFAULT_PAGE: u32 = 20;

impl QueryRunner {
    /// In this scope, with these limits.
    pub(crate) fn new(pool: &Pool, scope: AgentScope, limits: Limits) -> Self {
        let of_scope = xact::Scope::statement_timeout(&scope);
        let timeout = of_scope.map_or(limits.timeout, |limit| limit.min(limits.timeout));
        let limits = Limits { timeout, ..limits };
        let options = TransactionOptions::new()
            .statement_timeout(limits.timeout)
            // The client waits for a lock as it waits for rows.
            .lock_timeout(limits.timeout)
            // If this process is stopped between two statements, its locks are released.
            .idle_timeout(limits.timeout);
        Self {
            reads: pool.with(options.read_only()),
            writes: pool.with(options),
            scope,
            limits,
        }
    }

    /// Begins a transaction and rolls it back: whether the scope can be taken.
    pub(crate) async fn try_scope(&self) -> Result<(), xact::Error> {
        // A role or a setting that is refused shows at the start, and not at the first call.
        self.reads.begin(self.scope.clone()).await?.rollback().await
    }

    /// Closes the connections.
    pub(crate) async fn close(&self) {
        self.reads.close().await;
    }

    /// Runs a query.
    ///
    /// # Cancellation
    /// Dropping the future rolls back.
    pub(crate) async fn call(
        &self,
        query: &KnownQuery,
        arguments: &Map<String, Value>,
    ) -> Result<Value, ToolError> {
        let given = read_arguments(query, arguments);
        let given = given.map_err(|error| ToolError::new(error.to_string()))?;
        let limits = self.limits;
        let writer = AnswerWriter { query, limits };
        let describe = |error: xact::Error| writer.describe_error(&error);
        // Whatever the analysis overlooked, Postgres refuses to write in a read-only transaction.
        let pool = if query.may_write {
            &self.writes
        } else {
            &self.reads
        };
        let mut xact = pool.begin(self.scope.clone()).await.map_err(describe)?;
        let fetched = self.fetch(&mut xact, writer, given).await?;
        // A statement that was cut has lost its transaction: only one that reads is cut before its end.
        let is_lost = matches!(fetched, Fetched::Rows(_, Some(_))) && !query.may_write;
        if is_lost {
            drop(xact);
            xact = pool.begin(self.scope.clone()).await.map_err(describe)?;
        }
        let answer = writer.write_answer(&mut xact, fetched).await?;
        // Nothing was written, so nothing is left to commit.
        let ended = if query.may_write {
            xact.commit().await
        } else {
            xact.rollback().await
        };
        ended.map_err(describe)?;
        Ok(answer)
    }

    async fn fetch(
        &self,
        xact: &mut Xact<AgentScope>,
        writer: AnswerWriter<'_>,
        given: GivenArguments,
    ) -> Result<Fetched, ToolError> {
        let describe = |error: xact::Error| writer.describe_error(&error);
        let query = writer.query;
        match query.command {
            Command::Copy => {
                let rows = encode_copy(xact, query, &given.rows).await?;
                let data = query.runtime.query.copy(&rows, |row, into| {
                    row.iter().fold(into, xact::generated::CopyRow::push)
                });
                let copied = xact.orm().copy(data).await;
                copied.map(Fetched::Affected).map_err(describe)
            }
            Command::Batch => {
                let values = encode_arrays(xact, query, &given.rows).await?;
                let fetched = self
                    .fetch_slice(xact, query, values, given.rows.len())
                    .await;
                fetched.map_err(describe)
            }
            Command::Page => {
                let values = encode_values(xact, query, &given.texts).await?;
                let page = self.fetch_page(xact, query, (&given, &values)).await;
                let page = page.map_err(describe)?;
                page.ok_or_else(|| writer.too_large())
            }
            _ => {
                let values = encode_values(xact, query, &given.texts).await?;
                let arguments = choose_arguments(query, &given, &values);
                let fetched = self.fetch_plain(xact, query, arguments).await;
                fetched.map_err(describe)
            }
        }
    }

    async fn fetch_plain(
        &self,
        xact: &mut Xact<AgentScope>,
        query: &KnownQuery,
        arguments: Arguments,
    ) -> Result<Fetched, xact::Error> {
        let mut run = xact.orm();
        Ok(match query.command {
            Command::Exec | Command::ExecRows => Fetched::Affected(run.execute(arguments).await?),
            Command::One => Fetched::Row(Some(run.one(arguments, read_raw_row).await?)),
            Command::Optional => Fetched::Row(run.optional(arguments, read_raw_row).await?),
            Command::Many | Command::Stream | Command::Page | Command::Batch | Command::Copy => {
                self.fetch_rows(run, arguments, query.may_write).await?
            }
        })
    }

    /// A statement with a slice: its elements were passed one by one, so the rows of each are read whole.
    async fn fetch_slice(
        &self,
        xact: &mut Xact<AgentScope>,
        query: &KnownQuery,
        values: Vec<RawValue>,
        elements: usize,
    ) -> Result<Fetched, xact::Error> {
        // There is nothing to run for an empty slice.
        if elements == 0 {
            return Ok(Fetched::Affected(0));
        }
        let values = values.into_iter();
        let arguments = values.fold(query.runtime.query.arguments(), Arguments::push);
        let mut run = xact.orm();
        let bulk = query.finished.bulk.as_ref();
        if bulk.is_some_and(|bulk| bulk.numbered) {
            let rows = run.many_of_each(arguments, elements, read_raw_row).await?;
            return Ok(Fetched::RowsOfEach(rows));
        }
        if query.finished.columns.is_empty() {
            return run.execute(arguments).await.map(Fetched::Affected);
        }
        self.fetch_rows(run, arguments, query.may_write).await
    }

    /// Rows up to the limits. A statement that writes runs to its end, whatever is kept of its rows.
    async fn fetch_rows(
        &self,
        mut run: Runner<'_>,
        arguments: Arguments,
        may_write: bool,
    ) -> Result<Fetched, xact::Error> {
        let mut stream = run.stream(arguments, read_raw_row);
        let (mut rows, mut bytes, mut cut) = (Vec::new(), 0, None);
        while let Some(row) = stream.try_next().await? {
            // A statement that writes is read to its end, or its writes would be undone.
            if cut.is_some() {
                continue;
            }
            bytes += measure_row(&row);
            if rows.len() >= self.limits.rows as usize {
                cut = Some(Cut::Rows);
            } else if bytes > self.limits.bytes {
                cut = Some(Cut::Bytes);
            } else {
                rows.push(row);
            }
            // One that reads has nothing to finish.
            if cut.is_some() && !may_write {
                break;
            }
        }
        Ok(Fetched::Rows(rows, cut))
    }

    /// A page whose rows fit; none if its first row does not. One that is too large is read again with as many rows as fit, so that
    /// its cursor is right.
    async fn fetch_page(
        &self,
        xact: &mut Xact<AgentScope>,
        query: &KnownQuery,
        (given, values): (&GivenArguments, &[RawValue]),
    ) -> Result<Option<Fetched>, xact::Error> {
        let asked = given.page.size.unwrap_or(DEFAULT_PAGE);
        // A page of no rows would have no cursor to go on from.
        let mut size = asked.clamp(1, self.limits.rows.max(1));
        loop {
            let page = read_page(xact, query, (given, values), size).await?;
            let fitting = self.count_fitting(&page, &given.page);
            if fitting == page.rows.len() {
                return Ok(Some(Fetched::Page(page)));
            }
            // It becomes smaller with each round, so the loop ends.
            match u32::try_from(fitting) {
                Ok(fitting) if fitting > 0 && fitting < size => size = fitting,
                _ => return Ok(None),
            }
        }
    }

    /// How many rows of a page fit, from the side of its cursor.
    fn count_fitting(&self, page: &Page<RawRow>, choice: &PageChoice) -> usize {
        let sizes: Vec<usize> = page.rows.iter().map(measure_row).collect();
        let mut left = self.limits.bytes;
        let mut take = |size: &usize| {
            let fits = *size <= left;
            left = left.saturating_sub(*size);
            fits
        };
        // A page before a cursor ends at it, so that its last rows are the ones to keep.
        if choice.before.is_some() {
            sizes.iter().rev().take_while(|size| take(size)).count()
        } else {
            sizes.iter().take_while(|size| take(size)).count()
        }
    }
}

/// The bytes of a row's values.
pub(super) fn measure_row(row: &RawRow) -> usize {
    row.iter().map(RawValue::size).sum()
}

async fn read_page(
    xact: &mut Xact<AgentScope>,
    query: &KnownQuery,
    (given, values): (&GivenArguments, &[RawValue]),
    size: u32,
) -> Result<Page<RawRow>, xact::Error> {
    let mut run = xact.orm();
    let pages = match (query.runtime.pages, query.runtime.shaped_pages) {
        (Some(pages), _) => {
            let arguments = values.iter().fold(pages.arguments(), Arguments::push);
            run.pages(arguments, pages, read_raw_row)
        }
        (None, shaped) => {
            let arguments = choose_arguments(query, given, values);
            // Invariant: a query with `:page` has one of the two; codegen makes no other.
            let pages = shaped.expect("a query that is read in pages has statements for them");
            run.shaped_pages(arguments, pages, read_raw_row)
        }
    };
    match (&given.page.after, &given.page.before) {
        (Some(cursor), _) => pages.after(cursor, size).await,
        (None, Some(cursor)) => pages.before(cursor, size).await,
        (None, None) => pages.first(size).await,
    }
}
