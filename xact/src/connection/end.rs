//! The end of a transaction: COMMIT and ROLLBACK, each known to have happened or else the connection is closed.

use sqlx::Executor as _;
use sqlx::postgres::PgTransactionManager;
use sqlx_core::transaction::TransactionManager as _;

use super::{Connection, State};
use crate::error::{Cause, During, Error, leaves_connection_usable};

/// Fails in an aborted transaction (25P02), and where no transaction is open (25P01).
const PROBE: &str = "SAVEPOINT xact_commit";

/// SET ROLE without LOCAL outlives the COMMIT of its transaction.
const RESET: &str = "RESET SESSION AUTHORIZATION; RESET ROLE";

impl Connection {
    /// Commits; one round trip, two after the raw connection was handed out, and then [`reset`](Self::reset) one more.
    ///
    /// Postgres answers the COMMIT of an aborted transaction with the tag `ROLLBACK` and no error. sqlx does not show the tag,
    /// so an error that the caller swallowed would look like a commit: it is remembered instead, and after the raw connection
    /// was handed out the server is asked.
    pub(crate) async fn commit(&mut self) -> Result<(), Error> {
        match self.status.state {
            State::Open => self.commit_open().await,
            State::Aborted(query) => {
                // When this fails the connection is closed, which rolls back too.
                let _closed_on_error = self.rollback().await;
                Err(Error::new(During::Commit, Cause::Aborted(query)))
            }
            State::Unchecked => self.commit_unchecked().await,
            State::Unknown | State::Unreset | State::Ended => {
                Err(Error::new(During::Commit, Cause::Lost))
            }
        }
    }

    async fn commit_open(&mut self) -> Result<(), Error> {
        self.status.state = State::Unknown;
        let Err(error) = PgTransactionManager::commit(self.raw()).await else {
            self.status.state = State::Ended;
            return Ok(());
        };
        // A deferred constraint or a serialization failure: the transaction is over, but sqlx still counts it as open.
        // This ROLLBACK only costs a warning in the server's log, and tells sqlx.
        if leaves_connection_usable(&error)
            && PgTransactionManager::rollback(self.raw()).await.is_ok()
        {
            self.status.state = State::Ended;
        }
        let error = Error::sqlx(During::Commit, error);
        self.status.conflict = error.is_retryable();
        Err(error)
    }

    async fn commit_unchecked(&mut self) -> Result<(), Error> {
        self.status.state = State::Unknown;
        if !self.only_ours_is_open() {
            return Err(Error::new(During::Commit, Cause::Nested));
        }
        // This also reads whatever a dropped future of the caller left unread, and fails if that was an error.
        self.raw()
            .execute(PROBE)
            .await
            .map_err(|error| Error::sqlx(During::Commit, error))?;
        self.commit_open().await?;
        self.status.state = State::Unreset;
        Ok(())
    }

    /// After a commit: undoes what the holder of the raw connection may have changed of the session's role.
    ///
    /// The transaction is committed, whatever happens here; a connection that cannot be reset is closed.
    pub(crate) async fn reset(&mut self) {
        if !matches!(self.status.state, State::Unreset) {
            return;
        }
        self.status.state = State::Unknown;
        if self.raw().execute(RESET).await.is_ok() {
            self.status.state = State::Ended;
        }
    }

    /// Rolls back; one round trip, none when the connection is going to be closed.
    pub(crate) async fn rollback(&mut self) -> Result<(), Error> {
        let known = match self.status.state {
            State::Open | State::Aborted(_) => true,
            State::Unchecked => self.only_ours_is_open(),
            State::Unknown | State::Unreset | State::Ended => false,
        };
        self.status.state = State::Unknown;
        if known {
            let result = PgTransactionManager::rollback(self.raw()).await;
            result.map_err(|error| Error::sqlx(During::Rollback, error))?;
            self.status.state = State::Ended;
        }
        Ok(())
    }

    /// Whether sqlx counts no transaction but ours, which it does unless one begun on the raw connection was forgotten.
    fn only_ours_is_open(&mut self) -> bool {
        PgTransactionManager::get_transaction_depth(self.raw()) == 1
    }
}
