//! One connection outside of the pool, which asks the server to cancel sessions even when all others are in use.
//!
//! The protocol's own `CancelRequest` needs the secret of the session, which sqlx 0.9 reads and keeps private. A function of
//! the server does the same for sessions of the same role.
//! <https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL>

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, raw_sql};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::PoolInner;
use super::session::Backend;

/// The signal to a session that has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// None: its COMMIT has to be finished. Only its existence is checked.
    None,
    /// Its statement is cancelled; then the session notices that its client has disappeared.
    Cancel,
    /// It is ended, even while it waits for its client.
    Terminate,
}

/// One connection, opened when it is needed.
#[derive(Default)]
pub(super) struct Canceller(Mutex<Option<Kept>>);

struct Kept {
    connection: PgConnection,
    used: Instant,
}

impl Canceller {
    /// Sends the signal if the session still exists, and returns whether it did.
    ///
    /// # Cancellation
    /// Safe: the connection is taken out before the wait, so one without an answer is not kept.
    pub(super) async fn send(
        &self,
        inner: &PoolInner,
        backend: Backend,
        signal: Signal,
    ) -> Result<bool, sqlx::Error> {
        // Held while it asks: one question at a time, so that one connection is enough.
        let mut kept = self.0.lock().await;
        let mut connection = match kept.take() {
            Some(kept) => kept.connection,
            None => inner.connect_apart("cancel").await?,
        };
        // Connections of dropped calls share one, so that a burst of cancellations takes one place on a full server.
        let was_there = send_signal(&mut connection, backend, signal).await?;
        let used = Instant::now();
        *kept = Some(Kept { connection, used });
        Ok(was_there)
    }

    /// Closes the connection if it was not used for so long.
    pub(super) async fn close_unused(&self, unused: Duration, limit: Duration) {
        let kept = {
            let mut kept = self.0.lock().await;
            kept.take_if(|kept| kept.used.elapsed() >= unused)
        };
        if let Some(kept) = kept {
            let _closed = timeout(limit, kept.connection.close()).await;
        }
    }
}

/// The role that logged in may signal its own sessions, and see when they started.
pub(super) async fn send_signal(
    connection: &mut PgConnection,
    backend: Backend,
    signal: Signal,
) -> Result<bool, sqlx::Error> {
    let Backend { pid, started } = backend;
    let call = match signal {
        Signal::None => "true",
        Signal::Cancel => "pg_catalog.pg_cancel_backend(a.pid)",
        Signal::Terminate => "pg_catalog.pg_terminate_backend(a.pid)",
    };
    // The start identifies the session: its process number may belong to another one by now.
    let sql = format!(
        "SELECT {call} FROM pg_catalog.pg_stat_get_activity({pid}) AS a \
         WHERE (EXTRACT(EPOCH FROM a.backend_start) OPERATOR(pg_catalog.*) 1000000)::pg_catalog.int8 \
         OPERATOR(pg_catalog.=) {started}::pg_catalog.int8"
    );
    let row = raw_sql(AssertSqlSafe(sql)).fetch_optional(connection);
    Ok(row.await?.is_some())
}
