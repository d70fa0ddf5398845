//! What a person hears while migrations run, and how a long statement is watched.
//!
//! A second connection, opened only when a statement takes its time, asks Postgres what the first
//! one is doing and whom it waits for.

use super::Session;
use super::folder::Migration;
use super::ledger::Direction;
use super::lock::Holder;
use crate::catalog_query::fetch_catalog_with;
use crate::report::Failure;
use crate::report::source::Span;
use sqlx::postgres::PgConnectOptions;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, Row as _,
};
use std::time::{Duration, Instant};

/// How long a statement may take before anybody is told.
const QUIET: Duration = Duration::from_secs(2);
/// The longest time between two looks at a long statement.
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
    /// A statement takes its time.
    Slow(&'a Slow),
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
    /// What it waits for, or how far it is, in words; nothing if it simply works.
    pub state: Option<String>,
}

/// How to ask about the session that migrates.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    options: PgConnectOptions,
    pid: i32,
}

impl Watch {
    pub(super) async fn on(
        connection: &mut PgConnection,
        options: PgConnectOptions,
    ) -> Result<Self, Failure> {
        let pid = sqlx::query_scalar("SELECT pg_catalog.pg_backend_pid()")
            .fetch_one(connection)
            .await
            .map_err(Failure::connection("asking for the session's number"))?;
        let options = options.application_name("xact progress");
        Ok(Self { options, pid })
    }

    /// What the session waits for. An answer that cannot be had is none: the work matters more.
    async fn state(&self) -> Option<String> {
        let mut connection = self.options.connect().await.ok()?;
        let sql = include_str!("progress.sql");
        let rows = fetch_catalog_with(&mut connection, sql, |query| query.bind(self.pid)).await;
        let _ = connection.close().await;
        rows.ok()?.first()?.try_get(0).ok()?
    }
}

/// Runs one statement by the simple protocol, telling the observer when it takes long.
pub(super) async fn execute(
    session: &mut Session,
    sql: &str,
    span: impl Fn() -> Span,
    observer: Observer<'_>,
) -> Result<(), sqlx::Error> {
    let watch = session.watch.clone();
    let running = session.connection.execute(AssertSqlSafe(sql.to_owned()));
    let mut running = std::pin::pin!(running);
    let start = Instant::now();
    let mut pause = QUIET;
    loop {
        tokio::select! {
            done = &mut running => return done.map(drop),
            () = tokio::time::sleep(pause) => {}
        }
        let Some(watch) = &watch else { continue };
        let state = tokio::select! {
            done = &mut running => return done.map(drop),
            state = watch.state() => state,
        };
        let (span, elapsed) = (span(), start.elapsed());
        observer(&Event::Slow(&Slow {
            span,
            elapsed,
            state,
        }));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
