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

/// A connection. While the operating system's queue of connections that the server has not accepted is full, which a Unix
/// socket says at once (`EAGAIN`, `connect(2)`), it tries again.
pub(crate) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match options.connect().await {
            Err(sqlx::Error::Io(error))
                if error.kind() == WouldBlock && Instant::now() < deadline =>
            {
                sleep(PAUSE).await;
            }
            connected => return connected,
        }
    }
}
