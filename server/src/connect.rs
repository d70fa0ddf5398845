//! Connects to a server of tests, which may be busy with the connections of many processes.

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgConnection};
use std::io::ErrorKind::WouldBlock;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long the server's queue of connections may stay full: a machine that starts hundreds of test processes needs seconds.
const QUEUE_DEADLINE: Duration = Duration::from_secs(30);

/// How long to wait before connecting again.
const PAUSE: Duration = Duration::from_millis(20);

/// A connection of its own.
pub(crate) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    connect_patiently(|| options.connect()).await
}

/// Calls `connect`, and repeats it while the operating system's queue of connections that the server has not accepted is full.
/// A Unix socket reports that at once (`EAGAIN`, `connect(2)`), where TCP would wait.
pub(crate) async fn connect_patiently<C, F>(connect: impl Fn() -> F) -> Result<C, sqlx::Error>
where
    F: Future<Output = Result<C, sqlx::Error>>,
{
    let deadline = Instant::now() + QUEUE_DEADLINE;
    loop {
        match connect().await {
            Err(sqlx::Error::Io(error))
                // A full backlog of a Unix socket refuses at once, where TCP would wait.
                if error.kind() == WouldBlock && Instant::now() < deadline =>
            {
                sleep(PAUSE).await;
            }
            connected => return connected,
        }
    }
}
