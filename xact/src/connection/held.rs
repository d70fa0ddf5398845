//! The holder of a transaction's connection: the pool, or the transaction of sqlx that was adopted.

use std::time::Duration;

use sqlx::PgConnection;

use super::adopt::AdoptedTransaction;
use crate::acquire::ConnectionGuard;
use crate::session::{Known, Shared};
use crate::span::ServerName;

/// How long an adopted transaction waits for the answer to a ROLLBACK, because the pool that knows a limit is not ours.
const LONGEST_ANSWER: Duration = Duration::from_secs(5);

/// The holder of a transaction's connection.
pub(super) enum Held {
    Pooled(ConnectionGuard),
    Adopted(Box<AdoptedTransaction>),
}

impl Held {
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        match self {
            Self::Pooled(guard) => guard.connection(),
            Self::Adopted(adopted) => adopted.connection(),
        }
    }

    pub(super) fn server(&self) -> &ServerName {
        match self {
            Self::Pooled(guard) => guard.server(),
            Self::Adopted(adopted) => &adopted.server,
        }
    }

    /// The known facts about all sessions of the pool; none about those of another pool.
    pub(super) fn shared(&self) -> Option<&Shared> {
        match self {
            Self::Pooled(guard) => Some(guard.shared()),
            Self::Adopted(_) => None,
        }
    }

    /// The known facts about this session; none about that of another pool.
    pub(super) fn known(&mut self) -> Option<&mut Known> {
        match self {
            Self::Pooled(guard) => Some(guard.known()),
            Self::Adopted(_) => None,
        }
    }

    pub(super) fn answer_limit(&self) -> Duration {
        match self {
            Self::Pooled(guard) => guard.inner().deadlines.answer,
            Self::Adopted(_) => LONGEST_ANSWER,
        }
    }

    /// Closes a connection that does not answer.
    pub(super) fn give_up(self) {
        match self {
            Self::Pooled(guard) => guard.give_up(),
            Self::Adopted(adopted) => adopted.close(),
        }
    }
}
