//! The end of a transaction: COMMIT and ROLLBACK, each known to have happened or else the connection is closed.

use std::mem::replace;

use sqlx::Row as _;
use sqlx::postgres::PgTransactionManager;
use sqlx_core::transaction::TransactionManager as _;
use tokio::time::timeout;

use super::{Connection, State};
use crate::error::{Cause, During, Error, leaves_connection_usable};
use crate::session::ask_checked;

/// Fails in an aborted transaction (25P02), and where no transaction is open (25P01).
const PROBE: &str = "SAVEPOINT xact_commit";

/// Whether the transaction may have changed which functions leave something in a session, in place of the words of its statements.
const DEFINES: &str = include_str!("defines.sql");

impl Connection {
    /// Commits; one round trip, two after the raw connection was handed out.
    ///
    /// Postgres answers the COMMIT of an aborted transaction with the tag `ROLLBACK` and no error. sqlx does not show the tag,
    /// so an error that the caller swallowed would look like a commit: it is remembered instead, and after the raw connection
    /// was handed out the server is asked.
    pub(crate) async fn commit(&mut self) -> Result<(), Error> {
        match self.status.state {
            State::Open => self.commit_open().await,
            State::Aborted(origin) => {
                // When this fails the connection is closed, which rolls back too.
                let _closed_on_error = Box::pin(self.rollback()).await;
                Err(Error::new(During::Commit, Cause::Aborted(origin)))
            }
            State::Unchecked => Box::pin(self.commit_unchecked()).await,
            State::Unknown | State::Finished | State::Ended => {
                Err(Error::new(During::Commit, Cause::Lost))
            }
        }
    }

    /// Ends a transaction whose COMMIT tells its caller nothing: nothing is awaited, and the pool commits when this is dropped. Whether
    /// it is one.
    ///
    /// Invariant: the state is `Open`, so no error was swallowed, no answer is unread, and the raw connection was not handed out.
    pub(crate) fn finish_reading(&mut self) -> bool {
        let is_over = self.is_over_without_commit && matches!(self.status.state, State::Open);
        if is_over {
            self.status.state = State::Finished;
        }
        is_over
    }

    /// COMMIT has no deadline: deferred constraints and synchronous replication take the time they take.
    async fn commit_open(&mut self) -> Result<(), Error> {
        // Both are written before the await: a future that is dropped here leaves a COMMIT under way, which must neither be
        // cancelled nor followed by another transaction.
        self.status.state = State::Unknown;
        self.committing = true;
        let Err(error) = PgTransactionManager::commit(self.raw()).await else {
            // A committed CREATE or ALTER may have added a function that changes the session, so
            // the last reading of the environment has expired.
            if self.defines
                && let Some(shared) = self.held().shared()
            {
                shared.expire_environment();
            }
            self.status.state = State::Ended;
            return Ok(());
        };
        // A deferred constraint or a serialization failure: the transaction is over, but sqlx still counts it as open.
        // This ROLLBACK only costs a warning in the server's log, and tells sqlx.
        if leaves_connection_usable(&error) && Box::pin(self.send_rollback()).await.is_ok() {
            self.status.state = State::Ended;
        }
        let error = Error::from_commit(error);
        // A commit whose result is unknown may have happened: running the body again could do its
        // work twice.
        self.status.conflict = error.is_retryable() && !error.is_commit_unknown();
        Err(error)
    }

    async fn commit_unchecked(&mut self) -> Result<(), Error> {
        self.status.state = State::Unknown;
        if !self.only_ours_is_open() {
            return Err(Error::new(During::Commit, Cause::Nested));
        }
        // This also reads whatever a dropped future of the caller left unread, and fails if that was an error.
        let row = ask_checked(self.raw(), PROBE, DEFINES).await;
        let defines = row.and_then(|row| row.try_get("defines"));
        self.defines = defines.map_err(|error| Error::sqlx(During::Commit, error))?;
        self.commit_open().await
    }

    /// Rolls back; one round trip, none when the connection is going to be closed.
    pub(crate) async fn rollback(&mut self) -> Result<(), Error> {
        let before = replace(&mut self.status.state, State::Unknown);
        let known = match before {
            State::Open | State::Aborted(_) => true,
            State::Unchecked => self.only_ours_is_open(),
            State::Unknown | State::Finished | State::Ended => false,
        };
        if known {
            let sent = self.send_rollback().await;
            sent.map_err(|cause| Error::new(During::Rollback, cause))?;
        }
        if known {
            self.status.state = State::Ended;
        }
        Ok(())
    }

    /// Within the deadline for an answer; a connection that does not answer is given up.
    async fn send_rollback(&mut self) -> Result<(), Cause> {
        let waited = self.answer_limit();
        // ROLLBACK is bounded and COMMIT is not: giving up a COMMIT would leave its result unknown.
        match timeout(waited, PgTransactionManager::rollback(self.raw())).await {
            Ok(result) => result.map_err(Cause::Sqlx),
            Err(_elapsed) => {
                self.give_up();
                Err(Cause::Silent { waited })
            }
        }
    }

    /// Whether sqlx counts no transaction but ours, which it does unless one begun on the raw connection was forgotten.
    pub(super) fn only_ours_is_open(&mut self) -> bool {
        PgTransactionManager::get_transaction_depth(self.raw()) == 1
    }
}
