//! A connection on loan, and the ways in which a loan ends. None of them blocks, and none waits without a deadline.

use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgTransactionManager};
use sqlx::{Connection as _, PgConnection, Postgres};
use sqlx_core::transaction::TransactionManager as _;
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout};

use super::canceller::Signal;
use super::letting_go::{Counted, let_go};
use super::session::{Backend, Session};
use super::{Loans, Waiting};
use crate::error::Cause;
use crate::session::{Known, Shared};
use crate::span::ServerName;

/// A connection on loan to one transaction. Dropping it closes it, because nothing is known of its state.
pub(crate) struct Loan {
    /// `None` only after the loan ended.
    connection: Option<PoolConnection<Postgres>>,
    /// When it came from sqlx.
    since: Instant,
    backend: Option<Backend>,
    known: Known,
    reused: bool,
    loans: Arc<Loans>,
    permit: Option<OwnedSemaphorePermit>,
    /// Where the connection is returned or closed, for the drop may happen outside of any runtime.
    runtime: Handle,
}

impl Loan {
    /// A connection fresh from sqlx, of which nothing is known.
    pub(super) fn new(
        loans: &Arc<Loans>,
        connection: PoolConnection<Postgres>,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        Self {
            connection: Some(connection),
            since: Instant::now(),
            backend: None,
            known: Known::default(),
            reused: false,
            loans: Arc::clone(loans),
            permit,
            runtime: Handle::current(),
        }
    }

    /// A connection that waited for a transaction.
    pub(super) fn reuse(
        loans: &Arc<Loans>,
        waiting: Waiting,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let mut loan = Self::new(loans, waiting.connection, permit);
        loan.since = waiting.since;
        loan.backend = waiting.backend;
        loan.known = waiting.known;
        loan.reused = true;
        loan
    }

    /// An idle connection for a moment, beside the transactions that have permits.
    pub(super) fn take_idle(loans: &Arc<Loans>) -> Option<Self> {
        let waiting = loans.waiting().pop()?;
        Some(Self::reuse(loans, waiting, None))
    }

    pub(crate) fn server(&self) -> &ServerName {
        &self.loans.server
    }

    pub(crate) fn loans(&self) -> &Loans {
        &self.loans
    }

    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect(ON_LOAN)
    }

    /// What is known of this session.
    pub(crate) fn known(&mut self) -> &mut Known {
        &mut self.known
    }

    /// What is known of all sessions of the pool.
    pub(crate) fn shared(&self) -> &Shared {
        &self.loans.sessions
    }

    /// How the pool connects.
    pub(crate) fn options(&self) -> Arc<PgConnectOptions> {
        self.loans.pool.connect_options()
    }

    /// Whether it may have died while it waited.
    pub(crate) fn is_reused(&self) -> bool {
        self.reused
    }

    /// Whether a session of the server belongs to this connection alone: it was asked, and no pooler is between.
    pub(crate) fn is_direct(&self) -> bool {
        self.backend.is_some()
    }

    /// Asks the session about itself within the pool's deadline for an answer.
    pub(crate) async fn ask_session(&mut self) -> Result<Session, Cause> {
        let limit = self.loans.deadlines.answer;
        let asked = timeout(limit, Session::ask(self.connection())).await;
        let session = match asked {
            Err(_elapsed) => return Err(Cause::Silent { waited: limit }),
            Ok(session) => session.map_err(Cause::Sqlx)?,
        };
        self.backend = session.own_backend(&self.loans.startup.token);
        Ok(session)
    }

    /// Gives the connection to the next transaction. It has to be idle, with nothing unread.
    pub(crate) fn give_back(mut self) {
        if self.loans.permits.is_closed() {
            self.close();
        } else if self.since.elapsed() >= self.loans.longest {
            self.rest();
        } else if let Some(connection) = self.connection.take() {
            let (since, backend, known) = (self.since, self.backend, self.known);
            self.loans.waiting().push(Waiting {
                connection,
                since,
                backend,
                known,
            });
            // Only now, so that whoever gets the permit finds the connection.
            drop(self.permit.take());
            self.loans.returned.notify_one();
        }
    }

    /// Gives the connection back to sqlx, which tests it and retires it when its time has come.
    pub(super) fn rest(mut self) {
        let Some(mut connection) = self.connection.take() else {
            return;
        };
        let (permit, limit) = (self.permit.take(), self.loans.deadlines.answer);
        let _runtime = self.runtime.enter();
        // Surprise: dropping a `PoolConnection` does the same, but waits for the answer of a silent server for ever, and
        // its place among sqlx's connections is lost. Dropping this future closes the connection.
        let returned = connection.return_to_pool();
        self.runtime.spawn(async move {
            let _returned = timeout(limit, returned).await;
            drop(permit);
        });
    }

    /// Rolls the open transaction back, with nothing under way, and gives the connection to the next one.
    pub(crate) fn roll_back(mut self) {
        PgTransactionManager::start_rollback(self.connection());
        let limit = self.loans.deadlines.answer;
        self.runtime.clone().spawn(async move {
            // The ping sends the ROLLBACK ahead of itself and waits for both answers.
            match timeout(limit, self.connection().ping()).await {
                Ok(Ok(())) => self.give_back(),
                Ok(Err(_broken)) => drop(self),
                Err(_elapsed) => self.give_up(),
            }
        });
    }

    /// Closes the connection, whose session is idle, with a Terminate message.
    pub(crate) fn close(mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        let (permit, limit) = (self.permit.take(), self.loans.deadlines.answer);
        self.runtime.spawn(async move {
            let _closed = timeout(limit, connection.close()).await;
            drop(permit);
        });
    }

    /// Closes the connection, whose COMMIT may be under way, and does not disturb it.
    pub(crate) fn leave(mut self) {
        self.abandon(Signal::None);
    }

    /// Closes the connection, which does not answer. Its place in the pool is free at once: the network may be down, and
    /// the session has nothing to finish.
    pub(crate) fn give_up(mut self) {
        self.permit = None;
        self.abandon(Signal::Terminate);
    }

    /// Invariant: the socket is closed first and without a message, which never blocks and leaves the session nothing to
    /// read but the end. Closing it also ends what no cancellation reaches: COPY, and answers that are not read.
    fn abandon(&mut self, signal: Signal) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        let _runtime = self.runtime.enter();
        drop(connection.detach());
        let permit = self.permit.take();
        if let Some(backend) = self.backend {
            let counted = Counted::new(Arc::clone(&self.loans));
            self.runtime.spawn(let_go(counted, backend, signal, permit));
        }
    }
}

const ON_LOAN: &str = "a loan has its connection until it ends";

/// Answers may be unread or statements still running: the statement is cancelled.
impl Drop for Loan {
    fn drop(&mut self) {
        self.abandon(Signal::Cancel);
    }
}
