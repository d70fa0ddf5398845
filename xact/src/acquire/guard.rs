//! A connection acquired from the pool, and the ways in which it is released. None of them blocks, and none waits without a
//! deadline.

use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgTransactionManager};
use sqlx::{Connection as _, PgConnection, Postgres};
use sqlx_core::transaction::TransactionManager as _;
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout};

use super::canceller::Signal;
use super::ending::{Counted, await_end};
use super::session::{Backend, Session};
use super::{IdleConnection, PoolInner};
use crate::error::Cause;
use crate::session::{Known, Reset, Shared, send_checked};
use crate::span::ServerName;

/// The connection of one transaction. Dropping it closes it, because its state is unknown.
pub(crate) struct ConnectionGuard {
    /// `None` only after it was released.
    connection: Option<PoolConnection<Postgres>>,
    /// When sqlx's pool handed it out.
    since: Instant,
    backend: Option<Backend>,
    known: Known,
    reused: bool,
    inner: Arc<PoolInner>,
    permit: Option<OwnedSemaphorePermit>,
    /// Where the connection is returned or closed, because the drop may happen outside of any runtime.
    runtime: Handle,
}

impl ConnectionGuard {
    /// A connection fresh from sqlx, whose session is unknown.
    pub(super) fn new(
        inner: &Arc<PoolInner>,
        connection: PoolConnection<Postgres>,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        Self {
            connection: Some(connection),
            since: Instant::now(),
            backend: None,
            known: Known::default(),
            reused: false,
            inner: Arc::clone(inner),
            permit,
            runtime: Handle::current(),
        }
    }

    /// An idle connection.
    pub(super) fn reuse(
        inner: &Arc<PoolInner>,
        idle: IdleConnection,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let mut guard = Self::new(inner, idle.connection, permit);
        guard.since = idle.since;
        guard.backend = idle.backend;
        guard.known = idle.known;
        guard.reused = true;
        guard
    }

    /// An idle connection for a moment, without a permit: the caller returns or closes it at once.
    pub(super) fn take_idle(inner: &Arc<PoolInner>) -> Option<Self> {
        let idle = inner.lock_idle().pop()?;
        Some(Self::reuse(inner, idle, None))
    }

    pub(crate) fn server(&self) -> &ServerName {
        &self.inner.server
    }

    pub(crate) fn inner(&self) -> &PoolInner {
        &self.inner
    }

    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect(UNRELEASED)
    }

    /// The known facts about this session.
    pub(crate) fn known(&mut self) -> &mut Known {
        &mut self.known
    }

    /// The known facts about all sessions of the pool.
    pub(crate) fn shared(&self) -> &Shared {
        &self.inner.sessions
    }

    /// How the pool connects.
    pub(crate) fn options(&self) -> Arc<PgConnectOptions> {
        self.inner.pool.connect_options()
    }

    /// Whether it was idle before, and may have died meanwhile.
    pub(crate) fn is_reused(&self) -> bool {
        self.reused
    }

    /// Whether a session of the server belongs to this connection alone, because no pooler is between.
    pub(crate) fn is_direct(&self) -> bool {
        self.backend.is_some()
    }

    /// Asks the session about itself within the pool's deadline for an answer.
    pub(crate) async fn ask_session(&mut self) -> Result<Session, Cause> {
        let limit = self.inner.deadlines.answer;
        let asked = timeout(limit, Session::ask(self.connection())).await;
        let session = match asked {
            Err(_elapsed) => return Err(Cause::Silent { waited: limit }),
            Ok(session) => session.map_err(Cause::Sqlx)?,
        };
        self.backend = session.own_backend(&self.inner.startup.token);
        Ok(session)
    }

    /// Releases the connection for the next transaction. No transaction is open on it, and no answer is unread.
    pub(crate) fn release(mut self) {
        if self.inner.permits.is_closed() {
            self.close();
        } else if self.since.elapsed() >= self.inner.limit() {
            self.retire();
        } else if let Some(connection) = self.connection.take() {
            let (since, backend, known) = (self.since, self.backend, self.known);
            self.inner.lock_idle().push(IdleConnection {
                connection,
                since,
                backend,
                known,
            });
            // After the push, so that the transaction that gets the permit finds the connection and opens no new one.
            drop(self.permit.take());
            self.inner.returned.notify_one();
        }
    }

    /// Returns the connection to sqlx's pool, which tests it and closes it after its lifetime.
    pub(super) fn return_to_sqlx(mut self) {
        let Some(mut connection) = self.connection.take() else {
            return;
        };
        let (permit, limit) = (self.permit.take(), self.inner.deadlines.answer);
        let _runtime = self.runtime.enter();
        // Surprise: dropping a `PoolConnection` does the same, but waits for the answer of a silent server for ever, and
        // its place among sqlx's connections is lost. Dropping this future, as the timeout does, closes the connection.
        let returned = connection.return_to_pool();
        self.runtime.spawn(async move {
            let _returned = timeout(limit, returned).await;
            drop(permit);
        });
    }

    /// Rolls the open transaction back, with no statement under way, and releases the connection.
    pub(crate) fn roll_back(mut self) {
        PgTransactionManager::start_rollback(self.connection());
        let limit = self.inner.deadlines.answer;
        self.runtime.clone().spawn(async move {
            // The ping sends the ROLLBACK ahead of itself and waits for both answers.
            match timeout(limit, self.connection().ping()).await {
                Ok(Ok(())) => self.release(),
                Ok(Err(_broken)) => drop(self),
                Err(_elapsed) => self.give_up(),
            }
        });
    }

    /// Commits the open transaction, which has only read, with no statement under way, and releases the connection.
    ///
    /// Invariant: until the server has answered, no other transaction gets the connection, and it counts as one in use.
    pub(crate) fn commit(mut self) {
        let limit = self.inner.deadlines.answer;
        self.runtime.clone().spawn(async move {
            match timeout(limit, PgTransactionManager::commit(self.connection())).await {
                Ok(Ok(())) => self.release(),
                Ok(Err(error)) => {
                    tracing::warn!(error = %Cause::Sqlx(error), "a read-only transaction was not committed");
                    drop(self);
                }
                // A COMMIT is never cancelled, even one that should have nothing to do.
                Err(_elapsed) => self.leave(),
            }
        });
    }

    /// Resets the session, in which no transaction is open, and releases the connection. If the session cannot be reset, the
    /// connection is closed.
    ///
    /// The next BEGIN would reset it too, but until then the session would keep its locks and channels.
    pub(crate) fn reset(mut self) {
        if !self.inner.sessions.environment().direct {
            // Through a pooler, the session that would be reset is not known to be the one of the transaction.
            return;
        }
        let limit = self.inner.deadlines.answer;
        let text = Reset::write_apart(self.connection().cached_statements_size());
        self.runtime.clone().spawn(async move {
            match timeout(limit, send_checked(self.connection(), &text)).await {
                Ok(Ok(())) => self.release(),
                Ok(Err(error)) => {
                    tracing::debug!(%error, "closing a connection whose session cannot be reset");
                    drop(self);
                }
                Err(_elapsed) => self.give_up(),
            }
        });
    }

    /// Closes the connection, whose session is idle, with a Terminate message.
    pub(crate) fn close(mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        let (permit, limit) = (self.permit.take(), self.inner.deadlines.answer);
        self.runtime.spawn(async move {
            let _closed = timeout(limit, connection.close()).await;
            drop(permit);
        });
    }

    /// Closes the connection, whose COMMIT may be under way, and does not disturb it.
    pub(crate) fn leave(mut self) {
        self.abandon(Signal::None);
    }

    /// Closes the connection, which does not answer. The pool may open another at once: the network may be down, and
    /// the session has no work to finish.
    pub(crate) fn give_up(mut self) {
        self.permit = None;
        self.abandon(Signal::Terminate);
    }

    /// Invariant: the socket is closed first and without a message, which never blocks, and after which the session can read
    /// only the end. Closing it also ends sessions that no cancellation reaches: in COPY, or blocked by answers that are not read.
    fn abandon(&mut self, signal: Signal) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        let _runtime = self.runtime.enter();
        // Detached, because the drop of a `PoolConnection` would return it to sqlx.
        drop(connection.detach());
        let permit = self.permit.take();
        if let Some(backend) = self.backend {
            let counted = Counted::new(Arc::clone(&self.inner));
            self.runtime
                .spawn(await_end(counted, backend, signal, permit));
        }
    }
}

const UNRELEASED: &str = "a guard has its connection until it is released";

/// Answers may be unread or statements still running: the statement is cancelled.
impl Drop for ConnectionGuard {
    fn drop(&mut self) {
        self.abandon(Signal::Cancel);
    }
}
