//! Connections whose future was dropped: the socket is closed at once, and the connection counts until its session has
//! ended on the server.
//!
//! Without that, a pool of five whose queries are dropped has any number of sessions on the server: each goes on with its
//! query while a new connection is opened in its place.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::PoolInner;
use super::canceller::{Signal, send_signal};
use super::guard::ConnectionGuard;
use super::session::Backend;

/// A cancelled statement usually ends within a round trip.
const FIRST_PAUSE: Duration = Duration::from_millis(2);
/// Each question is a query of its own, so a session that does not end is asked for ten times a second at most.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// SQLSTATE `too_many_connections`.
const TOO_MANY_CONNECTIONS: &str = "53300";

/// The sessions that have not ended yet, and those that were given up.
#[derive(Default)]
pub(super) struct EndingSessions {
    now: AtomicUsize,
    given_up: AtomicUsize,
}

/// Counts one connection for as long as it lives.
pub(super) struct Counted(Arc<PoolInner>);

impl EndingSessions {
    pub(super) fn now(&self) -> usize {
        self.now.load(Ordering::Relaxed)
    }

    pub(super) fn given_up(&self) -> usize {
        self.given_up.load(Ordering::Relaxed)
    }
}

impl Counted {
    pub(super) fn new(inner: Arc<PoolInner>) -> Self {
        inner.ending.now.fetch_add(1, Ordering::Relaxed);
        Self(inner)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.ending.now.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Waits until the session has ended, at most for the pool's deadline for an answer; keeps the permit until then.
pub(super) async fn await_end(
    counted: Counted,
    backend: Backend,
    signal: Signal,
    permit: Option<OwnedSemaphorePermit>,
) {
    let inner = &counted.0;
    let limit = inner.deadlines.answer;
    let ended = timeout_at(Instant::now() + limit, end_session(inner, backend, signal));
    match ended.await {
        Ok(Ok(())) => {}
        // The server cannot be asked: it is down, or its own check of the client (`client_connection_check_interval`) ends the session.
        Ok(Err(error)) => tracing::debug!(%error, "a session cannot be cancelled"),
        Err(_elapsed) => {
            inner.ending.given_up.fetch_add(1, Ordering::Relaxed);
            tracing::warn!(
                pid = backend.pid,
                ?limit,
                "the server did not end a session whose connection is closed; the session counts no longer"
            );
        }
    }
    // The last one closes the connection that cancels, because a full server needs its place for a transaction.
    if inner.ending.now() == 1 {
        inner.canceller.close_unused(Duration::ZERO, limit).await;
    }
    // Invariant: the connection counts until its permit is free.
    drop(counted);
    drop(permit);
}

/// Repeats the cancellation: it has no effect on a session that has not started its statement yet, or whose function catches it.
async fn end_session(
    inner: &Arc<PoolInner>,
    backend: Backend,
    signal: Signal,
) -> Result<(), sqlx::Error> {
    let started = Instant::now();
    // A function that catches query_canceled (57014) only ends by Terminate. Half of the time is left for that.
    let until_terminate = inner.deadlines.answer / 2;
    let mut pause = FIRST_PAUSE;
    loop {
        let signal = match signal {
            Signal::Cancel if started.elapsed() > until_terminate => Signal::Terminate,
            signal => signal,
        };
        if !is_there(inner, backend, signal).await? {
            return Ok(());
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn is_there(
    inner: &Arc<PoolInner>,
    backend: Backend,
    signal: Signal,
) -> Result<bool, sqlx::Error> {
    // The canceller's connection may be silent itself: then it is dropped, and the next call connects.
    let limit = inner.deadlines.answer / 4;
    let asked = timeout(limit, inner.canceller.send(inner, backend, signal));
    match asked.await {
        Err(_elapsed) => Ok(true),
        Ok(Err(error)) if is_full(&error) => ask_idle(inner, backend, signal).await,
        Ok(answer) => answer,
    }
}

/// By an idle connection of the pool, if the server refuses further connections.
async fn ask_idle(
    inner: &Arc<PoolInner>,
    backend: Backend,
    signal: Signal,
) -> Result<bool, sqlx::Error> {
    // An idle connection is inside the server's limit already.
    let Some(mut guard) = ConnectionGuard::take_idle(inner) else {
        // The next question finds an idle connection, or the server has ended the session by its own check.
        return Ok(true);
    };
    let was_there = send_signal(guard.connection(), backend, signal).await?;
    guard.release();
    Ok(was_there)
}

fn is_full(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    let code = error.and_then(sqlx::error::DatabaseError::code);
    code.as_deref() == Some(TOO_MANY_CONNECTIONS)
}
