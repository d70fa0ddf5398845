//! Connects to a server of tests, which may be busy with the connections of many processes.

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgConnection};
use std::io::ErrorKind::WouldBlock;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long a full queue of connections may stay full.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait before connecting again.
const PAUSE: Duration = Duration::from_millis(20);

/// A connection of its own.
pub(crate) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    connect_patiently(|| options.connect()).await
}

/// What `connect` gives. While the operating system's queue of connections that the server has not accepted is full, which a
/// Unix socket says at once (`EAGAIN`, `connect(2)`), it is called again.
pub(crate) async fn connect_patiently<C, F>(connect: impl Fn() -> F) -> Result<C, sqlx::Error>
where
    F: Future<Output = Result<C, sqlx::Error>>,
{
    let deadline = Instant::now() + PATIENCE;
    loop {
        match connect().await {
            Err(sqlx::Error::Io(error))
                if error.kind() == WouldBlock && Instant::now() < deadline =>
            {
                sleep(PAUSE).await;
            }
            connected => return connected,
        }
    }
}
