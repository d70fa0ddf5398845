//! The session that serves a connection: given a connection, asks which process that is and whether it takes writes.

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _, raw_sql};

use crate::target_session::TargetSessionAttrs;

const SESSION: &str = include_str!("session.sql");

/// A process of the server. Process ids are reused; together with the moment of its start, one never means another session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Backend {
    pub(super) pid: i32,
    /// Microseconds since 1970, by the server's clock.
    pub(super) started: i64,
}

/// The answer of a session about itself.
#[derive(Debug)]
pub(crate) struct Session {
    backend: Backend,
    token: Option<String>,
    in_recovery: bool,
    read_only: bool,
}

impl Session {
    /// Asks; one round trip.
    pub(crate) async fn ask(connection: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let row = raw_sql(SESSION).fetch_one(connection).await?;
        Self::from_row(&row)
    }

    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            backend: Backend {
                pid: row.try_get("pid")?,
                started: row.try_get("started")?,
            },
            token: row.try_get("token")?,
            in_recovery: row.try_get("in_recovery")?,
            read_only: row.try_get("read_only")?,
        })
    }

    /// The process, if it serves this connection alone for as long as the connection lives.
    ///
    /// Invariant: only such a process is ever cancelled. Behind a pooler that shares sessions, the process serves other
    /// clients a moment later. The token is part of the startup message, which such a pooler does not pass on.
    pub(super) fn own_backend(&self, token: &str) -> Option<Backend> {
        (self.token.as_deref() == Some(token)).then_some(self.backend)
    }

    /// Whether transactions that are not asked to be read-only can write.
    pub(crate) fn takes_writes(&self) -> bool {
        !self.in_recovery && !self.read_only
    }

    /// <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS>
    pub(crate) fn is_wanted(&self, wanted: TargetSessionAttrs) -> bool {
        match wanted {
            // There is one host to choose from.
            TargetSessionAttrs::Any | TargetSessionAttrs::PreferStandby => true,
            TargetSessionAttrs::ReadWrite => self.takes_writes(),
            TargetSessionAttrs::ReadOnly => !self.takes_writes(),
            TargetSessionAttrs::Primary => !self.in_recovery,
            TargetSessionAttrs::Standby => self.in_recovery,
        }
    }
}
