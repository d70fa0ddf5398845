//! Begins a transaction on a connection that answers: given a message, tries one connection after the other, within the time
//! that a transaction waits for one.

use std::pin::pin;
use std::time::Duration;

use crate::acquire::{ConnectionGuard, PoolInner};
use crate::begin::BeginMessage;
use crate::connection::Connection;
use crate::deadlines::Deadline;
use crate::error::{Cause, During, Error};
use crate::{Pool, session};

/// The number of sessions with leftovers of an earlier transaction that are replaced before BEGIN fails. Each is closed, so that
/// even a large pooler runs out of them.
const USED_SESSIONS: usize = 1000;

/// The attempts of one caller to get a connection that answers.
pub(crate) struct Attempts<'a> {
    pool: &'a Pool,
    deadline: Deadline,
    /// Each attempt that fails removes one connection of those that may have died, so that the last one connects.
    broken: usize,
    silent: usize,
    used: usize,
}

impl<'a> Attempts<'a> {
    pub(crate) fn new(pool: &'a Pool, deadline: Deadline) -> Self {
        // After a restart of the server every idle connection is broken: each may fail once, and
        // one more is new.
        let broken = pool.inner.size() + 1;
        Self {
            pool,
            deadline,
            broken,
            silent: 0,
            used: 0,
        }
    }

    pub(crate) async fn acquire(&self) -> Result<ConnectionGuard, Cause> {
        self.pool.acquire(&self.deadline).await
    }

    /// Whether another attempt follows after this cause; if not, gives the cause to report.
    pub(crate) async fn next_attempt(&mut self, cause: Cause) -> Result<(), Cause> {
        match &cause {
            Cause::Silent { .. } => {
                self.silent += 1;
                // A silent network silences all connections: trying each idle one in turn would use up the whole time.
                self.pool.inner.distrust_idle();
            }
            Cause::OtherSession(_) => PoolInner::pause().await,
            cause if session::is_used(cause) && self.used < USED_SESSIONS => self.used += 1,
            cause if cause.is_connection_lost() && self.broken > 1 => self.broken -= 1,
            _ => return Err(cause),
        }
        let waited = self.deadline.waited;
        match cause {
            Cause::Silent { .. } if self.deadline.is_over() => Err(Cause::Unreachable { waited }),
            cause if self.deadline.is_over() => Err(cause),
            cause => {
                tracing::debug!(%cause, "trying another connection");
                Ok(())
            }
        }
    }

    /// How long to wait for the answer to BEGIN.
    ///
    /// A pooler answers only when a session is free, which may take long; a connection to it that was idle may still be
    /// dead, so that one has a short deadline at first.
    fn begin_limit(&self, guard: &ConnectionGuard) -> Duration {
        let remaining = self.deadline.remaining();
        if guard.is_direct() || (guard.is_reused() && self.silent == 0) {
            remaining.min(self.pool.inner.deadlines.answer)
        } else {
            remaining
        }
    }
}

impl Pool {
    /// A connection of the pool on which this message has begun a transaction.
    pub(crate) async fn open(
        &self,
        during: &During,
        message: &BeginMessage,
    ) -> Result<Connection, Error> {
        let attempts = Attempts::new(self, self.deadline());
        let failed = match self.inner.acquire_idle() {
            Some(guard) => match begin_on(guard, &attempts, message).await {
                Ok(connection) => return Ok(connection),
                Err(cause) => Some(cause),
            },
            None => None,
        };
        // The future that connects has more than ten kilobytes, which each transaction would copy, so it is boxed, and a transaction
        // on an idle connection has none.
        let opened = Box::pin(open_patiently(attempts, failed, message));
        let opened = opened.await;
        opened.map_err(|cause| Error::new(during.clone(), cause))
    }
}

/// Waits for a connection, and tries one after the other. `failed` is why an idle one was no good.
async fn open_patiently(
    mut attempts: Attempts<'_>,
    mut failed: Option<Cause>,
    message: &BeginMessage,
) -> Result<Connection, Cause> {
    loop {
        if let Some(cause) = failed.take() {
            attempts.next_attempt(cause).await?;
        }
        let begun = match attempts.acquire().await {
            Ok(guard) => begin_on(guard, &attempts, message).await,
            Err(cause) => Err(cause),
        };
        match begun {
            Ok(connection) => return Ok(connection),
            Err(cause) => failed = Some(cause),
        }
    }
}

async fn begin_on(
    guard: ConnectionGuard,
    attempts: &Attempts<'_>,
    message: &BeginMessage,
) -> Result<Connection, Cause> {
    let limit = attempts.begin_limit(&guard);
    // The guard exists before anything is sent, so that a dropped future cannot leave an open transaction behind.
    let mut connection = Connection::new(guard);
    let begun = {
        let begin = pin!(connection.begin(message));
        attempts.pool.inner.watch.limit(limit, begin).await
    };
    if let Some(begun) = begun {
        return begun.map(|()| connection).map_err(Cause::Sqlx);
    }
    connection.give_up();
    Err(Cause::Silent { waited: limit })
}
