//! A connection on loan to one transaction, and what is known about its state.
//!
//! **The cancellation rule**: a connection whose state is not known to be idle is closed, never returned to the pool. A future
//! can be dropped at any await, so [`State::Unknown`] is written *before* every await that talks to the server, and what was
//! learnt is written after it. sqlx alone does not keep this rule: when `begin()` is dropped between the server's answer and
//! its own return, the open transaction goes back to the pool, and with it the role and the settings of its scope.

mod end;
mod savepoint;
mod state;

use sqlx::postgres::PgTransactionManager;
use sqlx::{PgConnection, SqlStr};
use sqlx_core::transaction::TransactionManager as _;
use tokio::runtime::Handle;

pub(crate) use self::state::{State, Status};
use crate::loans::Loan;
use crate::span::ServerName;

/// A connection on loan from the pool. Dropping it decides whether the pool gets it back.
pub(crate) struct Connection {
    /// `None` only while being dropped.
    loan: Option<Loan>,
    status: Status,
    /// Whether something may be left in the session, so that nobody else is to have it.
    close_at_the_end: bool,
    /// Where the pool returns or closes the connection, for the drop may happen outside of any runtime.
    runtime: Handle,
}

impl Connection {
    /// Takes responsibility for a connection fresh from the pool, before anything is sent on it.
    pub(crate) fn new(loan: Loan) -> Self {
        Self {
            loan: Some(loan),
            status: Status {
                state: State::Unknown,
                conflict: false,
            },
            close_at_the_end: false,
            runtime: Handle::current(),
        }
    }

    /// Begins the transaction with one simple message: BEGIN, role and settings.
    ///
    /// sqlx is told that this is a BEGIN, so that a transaction begun on the raw connection is a savepoint of this one.
    /// When it fails, the state stays unknown: an error after BEGIN leaves an aborted transaction.
    pub(crate) async fn begin(&mut self, message: SqlStr) -> Result<(), sqlx::Error> {
        PgTransactionManager::begin(self.raw(), Some(message)).await?;
        self.status.state = State::Open;
        Ok(())
    }

    pub(crate) fn server(&self) -> &ServerName {
        self.loan.as_ref().expect(ON_LOAN).server()
    }

    /// The connection and the status to keep while using it.
    pub(crate) fn parts(&mut self) -> (&mut PgConnection, &mut Status) {
        (
            self.loan.as_mut().expect(ON_LOAN).connection(),
            &mut self.status,
        )
    }

    /// Whether the last thing that went wrong was a conflict with another transaction.
    pub(crate) fn conflict(&self) -> bool {
        self.status.conflict
    }

    /// The connection for whoever wants to talk to it directly; from here on only the server knows the transaction's state.
    pub(crate) fn hand_out(&mut self) -> &mut PgConnection {
        self.status.state = self.status.state.handed_out();
        self.raw()
    }

    /// Nobody else gets this connection, whatever becomes of its transaction.
    pub(crate) fn close_at_the_end(&mut self) {
        self.close_at_the_end = true;
    }

    fn raw(&mut self) -> &mut PgConnection {
        self.parts().0
    }
}

const ON_LOAN: &str = "a connection is on loan until it is dropped";

impl Drop for Connection {
    fn drop(&mut self) {
        let Some(mut loan) = self.loan.take() else {
            return;
        };
        // Surprise: what is declared first is dropped last, so each arm drops the loan itself while the runtime is entered.
        let _runtime = self.runtime.enter();
        match self.status.state {
            _ if self.close_at_the_end => loan.close(),
            State::Ended => loan.give_back(),
            // Nothing is under way, so a ROLLBACK can be queued without waiting. sqlx's pool pings a connection before it takes
            // it back (sqlx-core `return_to_pool`): the ping sends what is queued ahead of itself, waits for every answer,
            // and on any error closes the connection. A panic and an early return both end here.
            State::Open | State::Aborted(_) => {
                PgTransactionManager::start_rollback(loan.connection());
                drop(loan);
            }
            // Answers may be unread or statements still running. Closing is the only thing that needs no knowledge.
            State::Unknown | State::Unchecked => loan.close(),
        }
    }
}
