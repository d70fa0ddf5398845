//! The connection of one transaction, and the known state of that transaction.
//!
//! **The cancellation rule**: a connection whose state is not known to be idle is closed, never returned to the pool. A future
//! can be dropped at any await, so [`State::Unknown`] is written *before* every await that talks to the server, and the
//! answer is written after it. sqlx alone does not keep this rule: when `begin()` is dropped between the server's answer and
//! its own return, the open transaction goes back to the pool, and with it the role and the settings of its scope.

mod adopt;
mod adopt_message;
mod begin;
mod end;
mod held;
mod savepoint;
mod state;

use std::time::Duration;

use sqlx::PgConnection;

pub(crate) use self::adopt_message::AdoptMessage;
use self::held::Held;
pub(crate) use self::state::{State, Status};
use crate::acquire::ConnectionGuard;
use crate::begin::BeginMessage;
use crate::query::Query;
use crate::session::{Judgement, Shared};
use crate::span::ServerName;

/// The connection of one transaction. Dropping it decides whether the pool keeps it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts of one connection, each read in a place of its own"
)]
pub(crate) struct Connection {
    /// `None` only while being dropped.
    held: Option<Held>,
    status: Status,
    /// The message that began the transaction.
    begun: Option<BeginMessage>,
    /// Whether the transaction was asked to be read-only, so that a write is refused for a reason of its own.
    expects_reads: bool,
    /// Whether the caller need not wait for COMMIT: nothing that it does can be seen, and the rows are valid without it.
    is_over_without_commit: bool,
    /// Whether a statement may have changed the traces that others leave in their sessions.
    defines: bool,
    /// Whether the raw connection was handed out, so that the session may have any state.
    handed_out_raw: bool,
    /// Whether COMMIT was sent: it is never cancelled, even if nothing waits for its answer.
    committing: bool,
}

impl Connection {
    /// Takes responsibility for a connection fresh from the pool, before anything is sent on it.
    pub(crate) fn new(guard: ConnectionGuard) -> Self {
        Self::hold(Held::Pooled(guard))
    }

    fn hold(held: Held) -> Self {
        Self {
            held: Some(held),
            status: Status {
                state: State::Unknown,
                conflict: false,
                fresh: false,
                outdated: false,
                refused_write: false,
            },
            begun: None,
            expects_reads: false,
            is_over_without_commit: false,
            defines: false,
            handed_out_raw: false,
            committing: false,
        }
    }

    pub(crate) fn server(&self) -> &ServerName {
        self.held().server()
    }

    /// The connection and the status to keep while using it.
    pub(crate) fn parts(&mut self) -> (&mut PgConnection, &mut Status) {
        (
            self.held.as_mut().expect(HELD).connection(),
            &mut self.status,
        )
    }

    /// Whether the last error was a conflict with another transaction.
    pub(crate) fn had_conflict(&self) -> bool {
        self.status.conflict
    }

    /// The connection itself, for statements of the caller; from here on only the server knows the transaction's state.
    pub(crate) fn hand_out(&mut self) -> &mut PgConnection {
        self.status.state = self.status.state.handed_out();
        self.status.fresh = false;
        self.defines = true;
        self.handed_out_raw = true;
        self.raw()
    }

    /// Whether the transaction can begin again without losing anything. Through a pooler the statement would meet the same outdated
    /// one again, because it shares those of the same text.
    pub(crate) fn can_begin_again(&self) -> bool {
        // No statement of the transaction has run yet, so beginning it again repeats nothing.
        self.status.fresh && matches!(self.status.state, State::Open) && self.is_direct()
    }

    /// Judges a query of a module that is about to run.
    pub(crate) fn expect_query(&mut self, query: &'static Query) {
        let shared = self.held().shared();
        let judgement = shared.map(|shared| shared.judge_query(query));
        self.expect(judgement);
    }

    /// Judges a statement that was made at run time and is about to run.
    pub(crate) fn expect_statement(&mut self, sql: &str) {
        let shared = self.held().shared();
        let judgement = shared.map(|shared| shared.judge_statement(sql));
        self.expect(judgement);
    }

    /// The next transaction on this session has to know, whether the statement succeeds or not. There is no judgement of a
    /// statement in an adopted transaction, because the session is not reset after it.
    fn expect(&mut self, judgement: Option<Judgement>) {
        let held = self.held.as_mut().expect(HELD);
        if let (Some(judgement), Some(known)) = (judgement, held.known()) {
            // Before the statement is sent: a future that is dropped meanwhile leaves the session
            // suspect too.
            known.suspect |= judgement.outlives;
            self.defines |= judgement.defines;
            self.is_over_without_commit &= !judgement.acts_at_commit;
        }
    }

    /// Whether there is no pooler between this connection and its session.
    pub(crate) fn is_direct(&self) -> bool {
        let shared = self.held().shared();
        shared.is_some_and(Shared::is_direct)
    }

    /// The transaction was asked to be read-only.
    pub(crate) fn expect_reads(&mut self) {
        self.expects_reads = true;
    }

    /// The transaction was asked to be one whose rows are valid as soon as they are read.
    pub(crate) fn expect_valid_reads(&mut self) {
        self.expects_reads = true;
        self.is_over_without_commit = true;
    }

    /// Closes the connection, which does not answer; the pool may open another at once.
    pub(crate) fn give_up(&mut self) {
        if let Some(held) = self.held.take() {
            held.give_up();
        }
    }

    /// How long to wait for an answer to a message of the pool's own.
    fn answer_limit(&self) -> Duration {
        self.held().answer_limit()
    }

    /// Whether the server refuses writes although the transaction was not read-only: a primary that has become a standby keeps
    /// its sessions, and the pool would stay with it.
    fn is_demoted(&self) -> bool {
        self.status.refused_write && !self.expects_reads
    }

    fn raw(&mut self) -> &mut PgConnection {
        self.parts().0
    }

    fn held(&self) -> &Held {
        self.held.as_ref().expect(HELD)
    }
}

const HELD: &str = "a connection is held until it is dropped, released or given up";

impl Drop for Connection {
    fn drop(&mut self) {
        let guard = match self.held.take() {
            Some(Held::Pooled(guard)) => guard,
            Some(Held::Adopted(adopted)) => {
                return match self.status.state {
                    State::Open | State::Aborted(_) => adopted.roll_back(),
                    State::Unknown | State::Unchecked | State::Finished | State::Ended => {
                        adopted.close();
                    }
                };
            }
            None => return,
        };
        if self.status.outdated {
            guard.shared().outdate_statements();
        }
        match self.status.state {
            // Cancelling could turn a commit that is waiting for a standby into one that is only locally durable.
            State::Unknown | State::Unchecked if self.committing => guard.leave(),
            // Answers may be unread or statements still running. Closing is the only thing that needs no knowledge.
            State::Unknown | State::Unchecked => drop(guard),
            // Before the idle states below: a demoted session would serve the next transaction no better.
            _ if self.is_demoted() => guard.close(),
            State::Finished => guard.commit(),
            State::Ended if self.handed_out_raw => guard.reset(),
            State::Ended => guard.release(),
            // Nothing is under way, so a ROLLBACK can be sent without waiting. A panic and an early return both end here.
            State::Open | State::Aborted(_) => guard.roll_back(),
        }
    }
}
