//! Savepoints: a part of a transaction that can be undone alone.
//!
//! All have one name: Postgres takes it to mean the innermost, and savepoints of one transaction are always nested.

use sqlx::Executor as _;

use super::{Connection, State};
use crate::error::{Cause, During, Error, leaves_connection_usable};

const SET: &str = "SAVEPOINT xact";
const RELEASE: &str = "RELEASE SAVEPOINT xact";
/// Rolling back to a savepoint keeps the savepoint, which costs memory until the transaction ends, so it is released too.
const UNDO: &str = "ROLLBACK TO SAVEPOINT xact; RELEASE SAVEPOINT xact";

impl Connection {
    /// Sets a savepoint; one round trip.
    pub(crate) async fn set_savepoint(&mut self) -> Result<(), Error> {
        self.run_savepoint_command(SET).await
    }

    /// Keeps the changes since the savepoint as a part of the transaction; one round trip.
    ///
    /// As with a commit, an error that the caller swallowed is not a success: then it is undone.
    pub(crate) async fn release_savepoint(&mut self) -> Result<(), Error> {
        let error = match self.status.state {
            State::Aborted(origin) => Error::new(During::Savepoint, Cause::Aborted(origin)),
            // After the raw connection was handed out, only the server knows of an error.
            _ => match self.run_savepoint_command(RELEASE).await {
                Err(error) if self.status.state.is_usable() => error,
                released => return released,
            },
        };
        self.undo_savepoint().await?;
        Err(error)
    }

    /// Undoes the changes since the savepoint; one round trip. The transaction goes on.
    pub(crate) async fn undo_savepoint(&mut self) -> Result<(), Error> {
        self.run_savepoint_command(UNDO).await?;
        // Invariant: the transaction was not aborted when the savepoint was set, because setting one would have failed.
        if matches!(self.status.state, State::Aborted(_)) {
            self.status.state = State::Open;
        }
        Ok(())
    }

    /// Gives the transaction up: a savepoint was left unfinished, so the connection can only be closed.
    pub(crate) fn lose_transaction(&mut self) {
        self.status.state = State::Unknown;
    }

    async fn run_savepoint_command(&mut self, sql: &'static str) -> Result<(), Error> {
        let before = self.status.state;
        if !before.is_usable() {
            return Err(Error::new(During::Savepoint, Cause::Lost));
        }
        // Before the await: a dropped future leaves the answer of the command unread.
        self.status.state = State::Unknown;
        self.status.fresh = false;
        let Err(error) = self.raw().execute(sql).await else {
            self.status.state = before;
            return Ok(());
        };
        if leaves_connection_usable(&error) {
            self.status.state = before.after_refusal();
        }
        Err(Error::sqlx(During::Savepoint, error))
    }
}
