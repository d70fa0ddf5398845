//! Events while migrations run, and the watch over a long statement.
//!
//! A second connection, opened only when a statement takes long, asks Postgres for the activity of the
//! first one, and for the sessions that it waits for.

use super::Session;
use super::ahead::Newer;
use super::folder::Migration;
use super::ledger::Direction;
use super::lock::Holder;
use super::lock_timeout::Blocked;
use super::pooler::server_process;
use super::script::MigrationScript;
use crate::catalog_query::fetch_catalog_with;
use crate::report::Failure;
use crate::report::source::Span;
use sqlx::postgres::PgConnectOptions;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, Row as _,
};
use std::ops::Range;
use std::time::{Duration, Instant};

/// How long a statement may take before it is reported: the usual ones take less.
const QUIET: Duration = Duration::from_secs(2);
/// The longest time between two reports: the pause doubles, so that a log of an hour stays short.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Something that happened while migrations ran.
#[derive(Debug)]
pub enum Event<'a> {
    /// Another session migrates the same database.
    Waiting(Option<&'a Holder>),
    /// A migration that was interrupted goes on after so many steps.
    Continued(&'a Migration, Direction, usize),
    /// A statement is refused inside a transaction, so its migration runs outside of one.
    Outside(&'a Migration, &'a Span),
    /// A `BEGIN` or `COMMIT` without its counterpart is left out.
    LeftOut(&'a Span),
    /// A statement takes its time.
    Slow(&'a Slow),
    /// A statement did not get its lock; its migration is tried once more.
    Blocked(&'a Blocked),
    /// The records of so many migrations were replaced by that of the squashed one.
    Squashed(&'a Migration, usize),
    /// The database has these migrations, and the folder does not; nothing else is missing.
    Ahead(&'a [Newer]),
    /// A migration is applied.
    Applied(&'a Migration, Duration),
    /// A migration is reverted.
    Reverted(&'a Migration, Duration),
}

/// Where events go.
pub type Observer<'a> = &'a (dyn Fn(&Event<'_>) + Sync);

/// Hears nothing.
pub fn silent(_: &Event<'_>) {}

/// A statement that takes its time.
#[derive(Debug)]
pub struct Slow {
    /// The statement.
    pub span: Span,
    /// For how long it has been running.
    pub elapsed: Duration,
    /// The lock that it waits for, or how far it is, in words; nothing if it simply works.
    pub state: Option<String>,
}

/// How to ask about the session that migrates.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    pub(super) options: PgConnectOptions,
    pid: i32,
}

impl Watch {
    pub(super) async fn on(
        connection: &mut PgConnection,
        options: PgConnectOptions,
    ) -> Result<Self, Failure> {
        let pid = server_process(connection).await?;
        let options = options.application_name("xact progress");
        Ok(Self { options, pid })
    }

    /// The lock that the session waits for. A failed question has no answer: the work matters more.
    async fn state(&self) -> Option<String> {
        // Connected for each question: a session kept open would hold a slot for the length of the
        // migration.
        let mut connection = self.options.connect().await.ok()?;
        let sql = include_str!("progress.sql");
        let rows = fetch_catalog_with(&mut connection, sql, |query| query.bind(self.pid)).await;
        let _ = connection.close().await;
        rows.ok()?.first()?.try_get(0).ok()?
    }
}

/// Runs one statement by the simple protocol, with the rows that it reads, telling the observer when
/// it takes long.
pub(super) async fn execute_statement(
    session: &mut Session,
    script: &MigrationScript<'_>,
    range: &Range<usize>,
    observer: Observer<'_>,
) -> Result<(), sqlx::Error> {
    let watch = session.watch.clone();
    let running = send_statement(&mut session.connection, script, range);
    // Pinned once and polled again, because dropping it would cancel the statement.
    let mut running = std::pin::pin!(running);
    let start = Instant::now();
    // Earlier than a short lock timeout, so that the session in the way is named before the attempt ends.
    let mut pause = session
        .lock_timeout
        .map_or(QUIET, |timeout| QUIET.min(timeout / 2));
    loop {
        tokio::select! {
            done = &mut running => return done,
            () = tokio::time::sleep(pause) => {}
        }
        let Some(watch) = &watch else { continue };
        let state = tokio::select! {
            // The statement is polled while the question is asked: an answer that takes long must
            // not stop it.
            done = &mut running => return done,
            state = watch.state() => state,
        };
        let (span, elapsed) = (script.span(range), start.elapsed());
        observer(&Event::Slow(&Slow {
            span,
            elapsed,
            state,
        }));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn send_statement(
    connection: &mut PgConnection,
    script: &MigrationScript<'_>,
    range: &Range<usize>,
) -> Result<(), sqlx::Error> {
    let sql = script.text(range);
    match script.rows(range) {
        None => {
            let sql = AssertSqlSafe(sql.to_owned());
            connection.execute(sql).await.map(drop)
        }
        Some(rows) => {
            let mut copy = connection.copy_in_raw(sql).await?;
            copy.send(&script.file.text.as_bytes()[rows.clone()])
                .await?;
            copy.finish().await.map(drop)
        }
    }
}
