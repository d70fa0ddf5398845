//! Makes the connections of a pool, and those beside it, where the server is busy or refuses a setting of the startup message.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{ConnectOptions as _, PgConnection, Postgres};
use tokio::time::sleep;

use super::Loans;
use super::startup::refuses_settings;

/// How long to wait before connecting again where the queue is full.
const QUEUE_PAUSE: Duration = Duration::from_millis(10);

/// Whether the operating system's queue of connections that the server has not accepted yet is full: a Unix socket says so at
/// once (`EAGAIN`, `connect(2)`), where TCP waits.
fn is_queue_full(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::WouldBlock)
}

impl Loans {
    /// A connection of sqlx's pool, made or kept there.
    pub(super) async fn make(&self) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        self.connect_patiently(|| self.pool.acquire()).await
    }

    /// A connection that is none of the pool's, named after its purpose; it takes as long as the caller lets it.
    pub(crate) async fn connect_apart(&self, purpose: &str) -> Result<PgConnection, sqlx::Error> {
        let connect = async || {
            let options = (*self.pool.connect_options()).clone();
            let name = match options.get_application_name() {
                Some(application) => format!("{application} {purpose}"),
                None => purpose.to_owned(),
            };
            options.application_name(&name).connect().await
        };
        self.connect_patiently(|| Box::pin(connect())).await
    }

    /// Connects again while the server's queue of connections is full, and once without the settings of the startup message
    /// where they are refused.
    async fn connect_patiently<C, F>(
        &self,
        mut connect: impl FnMut() -> F,
    ) -> Result<C, sqlx::Error>
    where
        F: Future<Output = Result<C, sqlx::Error>>,
    {
        loop {
            match connect().await {
                Err(error) if is_queue_full(&error) => sleep(QUEUE_PAUSE).await,
                Err(error) if self.goes_without_settings(&error) => {}
                connected => return connected,
            }
        }
    }

    /// Whether the settings of the startup message were in the way, and are left out from now on.
    fn goes_without_settings(&self, error: &sqlx::Error) -> bool {
        let refused = refuses_settings(error) && self.startup.is_in(&self.pool.connect_options());
        if refused {
            tracing::debug!(%error, "connecting without settings in the startup message");
            self.set_options(self.plain.clone());
        }
        refused
    }
}
