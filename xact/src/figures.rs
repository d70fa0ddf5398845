//! How a pool is doing: figures for a metrics endpoint, and whether the server answers.

use std::time::Duration;

use sqlx::{ConnectOptions as _, Connection as _};
use tokio::time::{Instant, sleep, timeout_at};

use crate::Pool;
use crate::begin::BeginMessage;
use crate::error::{Cause, During, Error};
use crate::retry::Retry;

/// The connections of a pool at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolFigures {
    /// The most connections there may be.
    pub max_size: usize,
    /// Connections, idle or in use.
    pub size: usize,
    /// Connections that wait for a transaction.
    pub idle: usize,
    /// Connections on loan to a transaction.
    pub in_use: usize,
    /// Transactions that wait for a connection.
    pub waiting: usize,
}

impl Pool {
    /// The connections at this moment; the figures are read one after the other, so they may be of slightly different moments.
    ///
    /// OpenTelemetry has names for them: `db.client.connection.count` with `db.client.connection.state` `idle` or `used`,
    /// `db.client.connection.max`, and `db.client.connection.pending_requests` for those waiting.
    ///
    /// ```
    /// # fn example(pool: &xact::Pool) {
    /// let figures = pool.figures();
    /// println!("db_client_connection_count{{state=\"used\"}} {}", figures.in_use);
    /// # }
    /// ```
    pub fn figures(&self) -> PoolFigures {
        let (size, idle) = (self.size() as usize, self.idle());
        PoolFigures {
            max_size: self.loans.pool.options().get_max_connections() as usize,
            size,
            idle,
            in_use: size.saturating_sub(idle),
            waiting: self.loans.waiting_for_one(),
        }
    }

    /// Asks whether a transaction could begin now: a connection is to be had, and the server answers on it. For a health check.
    ///
    /// ```
    /// # async fn example(pool: &xact::Pool) -> u16 {
    /// match pool.check().await {
    ///     Ok(()) => 200,
    ///     Err(_) => 503,
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// As with [`begin`](Self::begin).
    ///
    /// # Cancellation
    /// Safe: dropping the future closes the connection.
    pub async fn check(&self) -> Result<(), Error> {
        let begin = BeginMessage::read_only();
        let mut connection = self.open(&During::Connect, &begin).await?;
        connection.rollback().await
    }

    /// Waits until the server accepts connections, for at most `limit`: while it cannot be reached, is starting up or shutting
    /// down, or has no connection left.
    ///
    /// ```
    /// # async fn example(pool: &xact::Pool) -> Result<(), xact::Error> {
    /// use std::time::Duration;
    ///
    /// pool.wait_until_ready(Duration::from_mins(1)).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// What kept it from connecting at last, when time is over; at once what no waiting helps against, as a wrong password.
    ///
    /// # Cancellation
    /// Safe: a connection being made is closed.
    pub async fn wait_until_ready(&self, limit: Duration) -> Result<(), Error> {
        let deadline = Instant::now() + limit;
        let backoff = Retry::default().backoff(Duration::from_millis(50), Duration::from_secs(1));
        let mut last = Error::new(During::Connect, Cause::Unreachable { waited: limit });
        for tries in 0.. {
            match timeout_at(deadline, self.answers()).await {
                Err(_elapsed) => break,
                Ok(Err(error)) if error.may_pass() => last = error,
                Ok(result) => return result,
            }
            tracing::debug!(error = %last, "not ready");
            let wait = backoff.wait(tries);
            if Instant::now() + wait >= deadline {
                break;
            }
            sleep(wait).await;
        }
        Err(last)
    }

    /// On a connection of its own, for sqlx's pool does not say why it cannot connect before its timeout is over.
    async fn answers(&self) -> Result<(), Error> {
        let failed = |error| Error::sqlx(During::Connect, error);
        let options = self
            .connect_options()
            .map_err(|cause| Error::new(During::Connect, cause))?;
        let mut connection = options.connect().await.map_err(failed)?;
        connection.ping().await.map_err(failed)?;
        let _closed = connection.close().await;
        Ok(())
    }
}
