//! A transaction that sqlx began, while it runs as a scope: the role and settings from before are remembered, and set back when
//! it is released.
//!
//! SET LOCAL holds until the end of the transaction, so it cannot be undone but by setting the former value again. If that is not
//! known to have happened, the transaction is rolled back, which ends role and settings as well; and if it is not known that nothing
//! is under way, the connection is closed.

use std::time::Duration;

use sqlx::postgres::PgTransactionManager;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Row as _, Transaction, raw_sql};
use sqlx_core::transaction::TransactionManager as _;
use tokio::runtime::Handle;
use tokio::time::sleep;

use super::adopt_message::AdoptMessage;
use super::held::Held;
use super::{Connection, State};
use crate::error::{Cause, During, Error};
use crate::session::send_checked;
use crate::span::ServerName;

/// A transaction of sqlx with the role and settings of a scope.
pub(super) struct AdoptedTransaction {
    /// `None` only after it was released.
    transaction: Option<Transaction<'static, Postgres>>,
    pub(super) server: ServerName,
    /// The statement that sets role and settings back.
    restore: String,
    /// Where the connection is closed, because the drop may happen outside of any runtime.
    runtime: Handle,
}

impl AdoptedTransaction {
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        self.transaction.as_mut().expect(ADOPTED)
    }
}

const ADOPTED: &str = "an adopted transaction is kept until it is released";

impl AdoptedTransaction {
    /// Rolls the transaction back, in which nothing is under way.
    ///
    /// sqlx rolls back one level only: if a transaction within was forgotten, that would be a savepoint, and the transaction would
    /// return to its pool open, with role and settings.
    pub(super) fn roll_back(mut self) {
        let connection = self.connection();
        // Code of sqlx may have opened savepoints, each of which counts as a level.
        while PgTransactionManager::get_transaction_depth(connection) > 0 {
            PgTransactionManager::start_rollback(connection);
        }
    }

    /// Closes the connection, whose state is not known. sqlx returns it to its pool if it answers at all, and the answers may be
    /// those of earlier messages, so the server is asked to close it.
    pub(super) fn close(mut self) {
        self.runtime.clone().spawn(async move {
            for request in END_SESSION.iter().cycle().take(ATTEMPTS) {
                // Without a deadline: while a statement runs, the connection is in use, as it would be by sqlx alone.
                let sent = raw_sql(*request).execute(self.connection()).await;
                if sent.is_err_and(|error| Cause::Sqlx(error).is_connection_lost()) {
                    return;
                }
                sleep(PAUSE).await;
            }
            tracing::error!("the server does not close a connection; it is never used again");
            // Forgotten and not dropped: a drop would return the connection, with its session, to
            // sqlx's pool.
            std::mem::forget(self.transaction.take());
        });
    }
}

/// Requests to end the session. The role may have no right to the function, and then the second needs none. In a COPY, the first
/// request only ends the COPY, so they are repeated.
const END_SESSION: [&str; 2] = [
    "ROLLBACK; SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())",
    "ROLLBACK; SET idle_session_timeout = 1",
];
const ATTEMPTS: usize = 10;

/// More than the timeout of an idle session above.
const PAUSE: Duration = Duration::from_millis(20);

impl Connection {
    /// Sets role and settings for a transaction that sqlx began; one round trip.
    pub(crate) async fn adopt(
        transaction: Transaction<'static, Postgres>,
        scope: &'static str,
        message: &AdoptMessage,
    ) -> Result<Self, Error> {
        // From here on, dropping it closes the connection.
        let mut connection = Self::hold(Held::Adopted(Box::new(AdoptedTransaction {
            transaction: Some(transaction),
            server: ServerName::default(),
            restore: String::new(),
            runtime: Handle::current(),
        })));
        let during = During::Begin(scope);
        if !connection.only_ours_is_open() {
            return Err(Error::new(during, Cause::Nested));
        }
        let taken = take_scope(connection.raw(), message).await;
        let (server, restore) = taken.map_err(|error| Error::sqlx(during, error))?;
        if let Some(Held::Adopted(adopted)) = &mut connection.held {
            adopted.server = server;
            adopted.restore = restore;
        }
        connection.status.state = State::Open;
        Ok(connection)
    }

    /// Sets role and settings back, and returns the transaction; one round trip. On any error the transaction is rolled back.
    pub(crate) async fn release_adopted(mut self) -> Result<Transaction<'static, Postgres>, Error> {
        let lost = |cause| Err(Error::new(During::Release, cause));
        let only_ours = self.only_ours_is_open();
        match self.status.state {
            State::Open => {}
            State::Unchecked if only_ours => {}
            State::Unchecked => return lost(Cause::Nested),
            State::Aborted(origin) => return lost(Cause::Aborted(origin)),
            State::Unknown | State::Finished | State::Ended => return lost(Cause::Lost),
        }
        self.status.state = State::Unknown;
        let Some(Held::Adopted(adopted)) = &mut self.held else {
            return lost(Cause::Lost);
        };
        let restore = adopted.restore.clone();
        let restored = send_checked(adopted.connection(), &restore).await;
        restored.map_err(|error| Error::sqlx(During::Release, error))?;
        Ok(adopted.transaction.take().expect(ADOPTED))
    }
}

/// Gives the server, and the statement that sets role and settings back.
async fn take_scope(
    connection: &mut PgConnection,
    message: &AdoptMessage,
) -> Result<(ServerName, String), sqlx::Error> {
    let token = format!("{:032x}", fastrand::u128(..));
    let text = raw_sql(AssertSqlSafe(message.text(&token)));
    // All rows, though only the first is read: errors of the statements behind it follow it.
    let rows = text.fetch_all(connection).await?;
    let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
    // Futures of sqlx's code may have been dropped: see `send_checked`.
    if row.try_get::<String, _>("token")? != token {
        return Err(sqlx::Error::RowNotFound);
    }
    let server = ServerName::from_session(
        row.try_get("address")?,
        row.try_get("port")?,
        row.try_get("database")?,
    );
    let former: Vec<Option<String>> = row.try_get("former")?;
    Ok((server, message.restore(&former)))
}
