//! One call: a transaction of the scope, the query in it as the runtime runs it, and its rows up to the limits.

use super::KnownQuery;
use super::arguments::{GivenArguments, PageChoice, read_arguments};
use super::bulk::{encode_arrays, encode_copy};
use super::postgres_text::{parse_text, print_values};
use crate::answer::ToolError;
use crate::limits::Limits;
use crate::scope::AgentScope;
use crate::values::{Cell, Decoder, RawRow, RawValue, ValueType, encode_text, read_raw_row};
use futures_util::TryStreamExt as _;
use serde_json::{Map, Value, json};
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
enum Fetched {
    Affected(u64),
    Row(Option<RawRow>),
    Rows(Vec<RawRow>, Option<Cut>),
    Page(Page<RawRow>),
    RowsOfEach(Vec<Vec<RawRow>>),
}

/// Which limit cut a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    Rows,
    Bytes,
}

impl QueryRunner {
    /// In this scope, with these limits.
    pub(crate) fn new(pool: &Pool, scope: AgentScope, limits: Limits) -> Self {
        let options = TransactionOptions::new()
            .statement_timeout(limits.timeout)
            .lock_timeout(limits.timeout)
            // The server of a client that stopped between two statements holds no locks for longer.
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
        let describe = |error: xact::Error| self.describe_error(query, &error);
        let pool = if query.may_write { &self.writes } else { &self.reads };
        let mut xact = pool.begin(self.scope.clone()).await.map_err(describe)?;
        let fetched = self.fetch(&mut xact, query, given).await?;
        // A statement that was cut has lost its transaction, which only a reading one is.
        let is_cut = matches!(fetched, Fetched::Rows(_, Some(_))) && !query.may_write;
        if is_cut {
            drop(xact);
            xact = pool.begin(self.scope.clone()).await.map_err(describe)?;
        }
        let answer = self.write_answer(&mut xact, query, fetched).await?;
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
        query: &KnownQuery,
        given: GivenArguments,
    ) -> Result<Fetched, ToolError> {
        let describe = |error: xact::Error| self.describe_error(query, &error);
        if query.command == Command::Copy {
            let rows = encode_copy(xact, query, &given.rows).await?;
            let data = query.runtime.query.copy(&rows, |row, into| {
                row.iter().fold(into, |into, value| into.push(value))
            });
            let copied = xact.orm().copy(data).await;
            return copied.map(Fetched::Affected).map_err(describe);
        }
        if query.command.is_bulk() {
            let values = encode_arrays(xact, query, &given.rows).await?;
            let arguments = values
                .into_iter()
                .fold(query.runtime.query.arguments(), Arguments::push);
            let elements = given.rows.len();
            return self
                .fetch_slice(xact, query, arguments, elements)
                .await
                .map_err(describe);
        }
        let mut values = Vec::new();
        for (parameter, text) in query.parameters.iter().zip(&given.texts) {
            let name = &query.finished.parameters[values.len()].name;
            values.push(encode_value(xact, parameter, name, text.as_deref()).await?);
        }
        if query.command == Command::Page {
            let page = self.fetch_page(xact, query, (&given, &values)).await;
            return page.map_err(describe)?;
        }
        let arguments = choose_arguments(query, &given, &values);
        let mut run = xact.orm();
        let fetched = match query.command {
            Command::Exec | Command::ExecRows => run.execute(arguments).await.map(Fetched::Affected),
            Command::One => {
                let row = run.one(arguments, read_raw_row).await;
                row.map(|row| Fetched::Row(Some(row)))
            }
            Command::Optional => run.optional(arguments, read_raw_row).await.map(Fetched::Row),
            _ => self.fetch_rows(run, arguments, query.may_write).await,
        };
        fetched.map_err(describe)
    }

    /// A statement with a slice: its rows were asked for one by one, so they are read whole.
    async fn fetch_slice(
        &self,
        xact: &mut Xact<AgentScope>,
        query: &KnownQuery,
        arguments: Arguments,
        elements: usize,
    ) -> Result<Fetched, xact::Error> {
        let mut run = xact.orm();
        let is_numbered = query.finished.bulk.as_ref().is_some_and(|bulk| bulk.numbered);
        if is_numbered {
            let rows = run.many_of_each(arguments, elements, read_raw_row).await?;
            return Ok(Fetched::RowsOfEach(rows));
        }
        if query.finished.columns.is_empty() {
            return run.execute(arguments).await.map(Fetched::Affected);
        }
        self.fetch_rows(run, arguments, query.may_write).await
    }

    /// Rows up to the limits. A statement that writes runs to its end whatever is kept of its rows.
    async fn fetch_rows(
        &self,
        mut run: Runner<'_>,
        arguments: Arguments,
        may_write: bool,
    ) -> Result<Fetched, xact::Error> {
        let mut stream = run.stream(arguments, read_raw_row);
        let (mut rows, mut bytes, mut cut) = (Vec::new(), 0, None);
        while let Some(row) = stream.try_next().await? {
            if cut.is_some() {
                continue;
            }
            bytes += measure_row(&row);
            cut = if rows.len() >= self.limits.rows as usize {
                Some(Cut::Rows)
            } else if bytes > self.limits.bytes {
                Some(Cut::Bytes)
            } else {
                rows.push(row);
                None
            };
            if cut.is_some() && !may_write {
                break;
            }
        }
        Ok(Fetched::Rows(rows, cut))
    }

    /// A page whose rows fit: one that is too large is read again with as many rows as fit, so that its cursor is right.
    async fn fetch_page(
        &self,
        xact: &mut Xact<AgentScope>,
        query: &KnownQuery,
        (given, values): (&GivenArguments, &[RawValue]),
    ) -> Result<Result<Fetched, ToolError>, xact::Error> {
        let asked = given.page.size.unwrap_or(DEFAULT_PAGE);
        let mut size = asked.clamp(1, self.limits.rows.max(1));
        loop {
            let page = read_page(xact, query, (given, values), size).await?;
            let fitting = self.count_fitting(&page, &given.page);
            if fitting == page.rows.len() {
                return Ok(Ok(Fetched::Page(page)));
            }
            match u32::try_from(fitting) {
                Ok(fitting) if fitting > 0 && fitting < size => size = fitting,
                _ => return Ok(Err(self.too_large())),
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
        if choice.before.is_some() {
            sizes.iter().rev().take_while(|size| take(size)).count()
        } else {
            sizes.iter().take_while(|size| take(size)).count()
        }
    }

    fn too_large(&self) -> ToolError {
        ToolError::new(format!(
            "one row has more than {} bytes: use a tool whose rows are smaller, or ask for the server to be started with a larger \
             --max-bytes",
            self.limits.bytes
        ))
    }

    async fn write_answer(
        &self,
        xact: &mut Xact<AgentScope>,
        query: &KnownQuery,
        fetched: Fetched,
    ) -> Result<Value, ToolError> {
        let mut decoder = Decoder::default();
        let mut decode = |rows: &[RawRow]| -> Result<Vec<Cell>, ToolError> {
            let rows = rows.iter();
            rows.map(|row| query.layout.decode(row, &mut decoder)).collect()
        };
        let (lists, rest) = match fetched {
            Fetched::Affected(rows) => return Ok(json!({"affected": rows})),
            Fetched::Row(row) => {
                let row: Vec<RawRow> = row.into_iter().collect();
                if row.iter().map(measure_row).sum::<usize>() > self.limits.bytes {
                    return Err(self.too_large());
                }
                (vec![decode(&row)?], Rest::Row)
            }
            Fetched::Rows(rows, cut) => {
                if rows.is_empty() && cut == Some(Cut::Bytes) && !query.may_write {
                    return Err(self.too_large());
                }
                (vec![decode(&rows)?], Rest::Cut(cut))
            }
            Fetched::Page(page) => {
                let rows = decode(&page.rows)?;
                (vec![rows], Rest::Page(page.next, page.previous))
            }
            Fetched::RowsOfEach(each) => {
                let total: usize = each.iter().flatten().map(measure_row).sum();
                if total > self.limits.bytes {
                    return Err(self.too_large());
                }
                let lists = each.iter().map(|rows| decode(rows));
                (lists.collect::<Result<_, _>>()?, Rest::Each)
            }
        };
        let printed = print_values(xact, &decoder.foreign).await;
        let texts = printed.map_err(|error| self.describe_error(query, &error))?;
        let lists = lists.into_iter().map(|list| {
            let rows = list.into_iter();
            rows.map(|row| row.into_json(&texts)).collect::<Vec<Value>>()
        });
        Ok(self.arrange(lists.collect(), rest, query))
    }

    fn arrange(&self, mut lists: Vec<Vec<Value>>, rest: Rest, query: &KnownQuery) -> Value {
        if matches!(rest, Rest::Each) {
            return json!({"rows_of_each": lists});
        }
        let mut rows = lists.pop().unwrap_or_default();
        match rest {
            Rest::Row => json!({"row": rows.pop()}),
            Rest::Cut(None) | Rest::Each => json!({"rows": rows}),
            Rest::Cut(Some(cut)) => {
                let note = self.describe_cut(rows.len(), cut, query);
                json!({"rows": rows, "cut": note})
            }
            Rest::Page(next, previous) => {
                let mut page = json!({"rows": rows});
                if let Some(cursor) = next {
                    page["next"] = cursor.to_string().into();
                }
                if let Some(cursor) = previous {
                    page["previous"] = cursor.to_string().into();
                }
                page
            }
        }
    }

    fn describe_cut(&self, shown: usize, cut: Cut, query: &KnownQuery) -> String {
        let limit = match cut {
            Cut::Rows => format!("{} rows", self.limits.rows),
            Cut::Bytes => format!("{} bytes", self.limits.bytes),
        };
        if query.may_write {
            return format!(
                "the statement ran to its end, and these are the first {shown} of its rows: a result has at most {limit}"
            );
        }
        format!(
            "these are the first {shown} rows, and there are more: a result has at most {limit}. Pass arguments that select fewer \
             rows, or use a tool that takes `limit` and `after`"
        )
    }

    /// The text of an error of the runtime, which has no values, with the help that a model needs.
    fn describe_error(&self, query: &KnownQuery, error: &xact::Error) -> ToolError {
        let help = if error.is_read_only() {
            format!("; the server was started without `--allow-writes {}`", query.name)
        } else if error.is_canceled() {
            let seconds = self.limits.timeout.as_secs_f64();
            format!("; a statement may run for {seconds} s (--timeout)")
        } else if error.is_invalid_cursor() {
            "; pass `next` or `previous` of a result of this tool, with the same order".to_owned()
        } else {
            String::new()
        };
        ToolError::new(format!("{error}{help}"))
    }
}

/// The part of an answer beside its rows.
enum Rest {
    Row,
    Cut(Option<Cut>),
    Page(Option<xact::Cursor>, Option<xact::Cursor>),
    Each,
}

/// A page that a model reads without a thought of its size.
const DEFAULT_PAGE: u32 = 20;

fn measure_row(row: &RawRow) -> usize {
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

/// The arguments of a variant, or of the query.
fn choose_arguments(query: &KnownQuery, given: &GivenArguments, values: &[RawValue]) -> Arguments {
    let start = match (query.runtime.shape, &query.finished.query.shape) {
        (Some(shaped), Some(shape)) => {
            let mut choice = shaped.choose();
            for (_, bit) in shape.switches.iter().zip(0u32..) {
                choice = choice.part(bit, given.parts & (1 << bit) != 0);
            }
            for group in &shape.alternatives {
                let index = if group.name == "order" { given.order } else { 0 };
                choice = choice.take(group.first, index);
            }
            choice.arguments()
        }
        _ => query.runtime.query.arguments(),
    };
    values.iter().fold(start, Arguments::push)
}

/// The bytes of an argument.
pub(super) async fn encode_value(
    xact: &mut Xact<AgentScope>,
    value_type: &ValueType,
    name: &str,
    text: Option<&str>,
) -> Result<RawValue, ToolError> {
    let Some(text) = text else {
        return Ok(RawValue::default());
    };
    if let Some(bytes) = encode_text(&value_type.form, text) {
        return Ok(RawValue::of_bytes(Some(bytes)));
    }
    let parsed = parse_text(xact, &value_type.sql_name, text).await;
    parsed.map_err(|error| {
        // Class 22 is "data exception", and 23514 the check of a domain.
        let is_value = error.code().is_some_and(|code| code.starts_with("22") || code == "23514");
        if is_value {
            let type_name = value_type.sql_name.replace('"', "");
            ToolError::new(format!("argument `{name}`: Postgres does not read it as {type_name}"))
        } else {
            ToolError::new(error.to_string())
        }
    })
}
