//! Waits until a database answers, and takes writes if they are expected.

use crate::migrate::apply::read_url;
use crate::report::Failure;
use sqlx::postgres::{PgConnectOptions, PgDatabaseError};
use sqlx::{ConnectOptions as _, Connection as _, Row as _, raw_sql};
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

/// A database that is starting is often ready within a second; one that is not is asked rarely, so that its log stays readable.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// How long a server that is there may take for its answer.
const WHOLE_ATTEMPT: Duration = Duration::from_secs(1);

const NO_WRITES: &str =
    "the server takes no writes: it is a standby, or default_transaction_read_only is on";

/// Whether a write would be refused with 25006, asked before one is tried.
const TAKES_WRITES: &str = "SELECT NOT pg_catalog.pg_is_in_recovery() \
    AND NOT pg_catalog.current_setting('default_transaction_read_only')::pg_catalog.bool";

/// The access that is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Also a standby is ready.
    ReadOnly,
    /// The server is no standby, and `default_transaction_read_only` is off.
    ReadWrite,
}

/// A database that answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// How long that took.
    pub after: Duration,
    /// How often it was asked.
    pub attempts: u32,
}

/// Asks the database at `url` until it answers or `limit` is over, at longer and longer intervals.
/// `told` hears each new reason why not. One that takes no writes is not ready where `access` asks for them.
///
/// # Errors
/// If the time is over, with the last reason; at once if waiting cannot help, as with a wrong password.
///
/// # Cancellation
/// Dropping the future closes the half-open connection.
pub async fn wait(
    url: &str,
    access: Access,
    limit: Duration,
    told: impl Fn(&str),
) -> Result<Ready, Failure> {
    let options = read_url(url)?;
    let (start, mut pause, mut attempts) = (Instant::now(), FIRST_PAUSE, 0);
    let mut said = String::new();
    loop {
        attempts += 1;
        // Each attempt may use all remaining time: a server whose packets are dropped never answers.
        let left = limit.saturating_sub(start.elapsed());
        let error = match timeout(left, ask_server(&options, access)).await {
            Ok(Ok(true)) => {
                let after = start.elapsed();
                return Ok(Ready { after, attempts });
            }
            Ok(Ok(false)) => NO_WRITES.to_owned(),
            Ok(Err(error)) if is_hopeless(&error) => {
                return Err(Failure::database_at(&options)(error));
            }
            Ok(Err(error)) => xact_server::reason(&error),
            // The limit cut this attempt short, so the answer to the last one says more.
            Err(_) if left < WHOLE_ATTEMPT && !said.is_empty() => said.clone(),
            Err(_) => "no answer".to_owned(),
        };
        // Each reason once: a server that starts gives the same one many times a second.
        if error != said {
            told(&error);
            said.clone_from(&error);
        }
        let left = limit.saturating_sub(start.elapsed());
        if left.is_zero() {
            return Err(Failure::NotReady {
                limit,
                reason: error,
            });
        }
        sleep(pause.min(left)).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Whether the database has the access; a pooler may be between, so the question is one simple message.
async fn ask_server(options: &PgConnectOptions, access: Access) -> Result<bool, sqlx::Error> {
    let mut connection = options.connect().await?;
    // A server that accepts connections may still be in recovery, and a port that is open may be a
    // proxy's.
    let row = raw_sql(TAKES_WRITES).fetch_one(&mut connection).await?;
    let takes_writes: bool = row.try_get(0)?;
    connection.close().await?;
    Ok(takes_writes || access == Access::ReadOnly)
}

/// Class 28: the server is there and does not let this user in. A missing database may yet be made.
fn is_hopeless(error: &sqlx::Error) -> bool {
    let error = error
        .as_database_error()
        .and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    // Class 28, invalid authorization: waiting does not change a password.
    error.is_some_and(|error| error.code().starts_with("28"))
}
