//! Opens the connections of a pool, and those outside of it, even if the server is busy or refuses a setting of the startup message.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{ConnectOptions as _, PgConnection, Postgres};
use tokio::time::sleep;

use super::PoolInner;
use super::startup::refuses_settings;

/// How long to wait before connecting again if the queue is full: the time in which the server accepts a few.
const QUEUE_PAUSE: Duration = Duration::from_millis(10);

/// Whether the operating system's queue of connections that the server has not accepted yet is full: a Unix socket reports it
/// at once (`EAGAIN`, `connect(2)`), where TCP waits.
fn is_queue_full(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::WouldBlock)
}

impl PoolInner {
    /// A connection of sqlx's pool, new or kept there.
    pub(super) async fn open_connection(&self) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        self.connect_patiently(|| self.pool.acquire()).await
    }

    /// A connection outside of the pool, named after its purpose; the caller limits the time.
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
    /// if they are refused.
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

    /// Whether the settings of the startup message were refused; if so, they are left out from now on.
    fn goes_without_settings(&self, error: &sqlx::Error) -> bool {
        // Only if they were sent: a refusal without them is the user's error, and trying again would never end.
        let refused = refuses_settings(error) && self.startup.is_in(&self.pool.connect_options());
        if refused {
            tracing::debug!(%error, "connecting without settings in the startup message");
            self.set_options(self.plain.clone());
        }
        refused
    }
}
