//! The status of a pool: numbers for a metrics endpoint, and whether the server answers.

use std::time::Duration;

use sqlx::Connection as _;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::Pool;
use crate::acquire::Session;
use crate::deadlines::Deadline;
use crate::error::{Cause, During, Error};
use crate::open::Attempts;
use crate::retry::Retry;

/// The connections of a pool at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStatus {
    /// The most connections there may be.
    pub max_size: usize,
    /// Connections: idle, in use or closing.
    pub size: usize,
    /// Connections that wait for a transaction.
    pub idle: usize,
    /// Connections on guard to a transaction.
    pub in_use: usize,
    /// Transactions that wait for a connection.
    pub waiting: usize,
    /// Connections that were closed because a future was dropped or the server did not answer, and whose session on the server
    /// goes on. They count against `max_size` until it has ended, but not longer than 5 seconds.
    pub closing: usize,
    /// How many sessions the server had not ended by then, since the pool was made. Each may still run its query.
    pub given_up: usize,
}

impl Pool {
    /// The connections at this moment; the numbers are read one after the other, so they may be of slightly different moments.
    ///
    /// OpenTelemetry has names for them: `db.client.connection.count` with `db.client.connection.state` `idle` or `used`,
    /// `db.client.connection.max`, and `db.client.connection.pending_requests` for those waiting.
    ///
    /// ```
    /// # fn example(pool: &xact::Pool) {
    /// let status = pool.status();
    /// println!("db_client_connection_count{{state=\"used\"}} {}", status.in_use);
    /// # }
    /// ```
    pub fn status(&self) -> PoolStatus {
        let (size, idle, closing) = (self.inner.size(), self.idle(), self.inner.closing());
        PoolStatus {
            max_size: self.inner.pool.options().get_max_connections() as usize,
            size,
            idle,
            in_use: size.saturating_sub(idle + closing),
            waiting: self.inner.waiting_for_one(),
            closing,
            given_up: self.inner.given_up(),
        }
    }

    /// Asks whether a transaction could begin now: a connection is to be had, the server answers on it, and it takes writes. For a
    /// health check; one round trip.
    ///
    /// It has a deadline of its own, a sixth of the time that a transaction waits for a connection: 5 seconds unless said otherwise.
    ///
    /// On a standby, or where `default_transaction_read_only` is on, it fails, unless the pool is one that only reads: one
    /// [`with`](Self::with) [`TransactionOptions::read_only`](crate::TransactionOptions::read_only), or with
    /// [`TargetSessionAttrs`](crate::TargetSessionAttrs) of a standby.
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
    /// No connection is to be had in time: [`Error::is_pool_exhausted`], [`Error::is_unreachable`]. The server takes no writes:
    /// [`Error::is_read_only`].
    ///
    /// # Cancellation
    /// Safe: dropping the future closes the connection.
    pub async fn check(&self) -> Result<(), Error> {
        let deadline = Deadline::after(self.inner.deadlines.answer);
        let mut attempts = Attempts::new(self, deadline);
        loop {
            let cause = match self.ask_session(&attempts, &deadline).await {
                Ok(session) => return self.accept_session(&session),
                Err(cause) => cause,
            };
            let another = attempts.next_attempt(cause).await;
            another.map_err(|cause| Error::new(During::Connect, cause))?;
        }
    }

    async fn ask_session(
        &self,
        attempts: &Attempts<'_>,
        deadline: &Deadline,
    ) -> Result<Session, Cause> {
        let mut guard = attempts.acquire().await?;
        // Half of it, so that a silent connection leaves time for a second one.
        let waited = deadline.remaining() / 2;
        match timeout(waited, guard.ask_session()).await {
            Ok(session) => {
                let session = session?;
                guard.release();
                Ok(session)
            }
            Err(_elapsed) => {
                guard.give_up();
                Err(Cause::Silent { waited })
            }
        }
    }

    fn accept_session(&self, session: &Session) -> Result<(), Error> {
        if self.expects_writes() && !session.takes_writes() {
            return Err(Error::new(During::Connect, Cause::ReadOnlyServer));
        }
        Ok(())
    }

    /// Waits until the server accepts connections, for at most `limit`: while it cannot be reached, is starting up or shutting
    /// down, has no connection left, or takes no writes as [`check`](Self::check) understands it.
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
    /// The last error, when time is over; at once an error that waiting cannot help, such as a wrong password.
    ///
    /// # Cancellation
    /// Safe: a connection being made is closed.
    pub async fn wait_until_ready(&self, limit: Duration) -> Result<(), Error> {
        let deadline = Instant::now() + limit;
        // Short at first: a container's Postgres is often ready within a second. Random, so that replicas do not ask in step.
        let backoff = Retry::default().backoff(Duration::from_millis(50), Duration::from_secs(1));
        let mut last = Error::new(During::Connect, Cause::Unreachable { waited: limit });
        for tries in 0.. {
            match timeout_at(deadline, self.try_session()).await {
                Err(_elapsed) => break,
                Ok(Err(error)) if error.may_pass() => last = error,
                Ok(result) => return result,
            }
            tracing::debug!(error = %last, "not ready");
            let wait = backoff.draw_wait(tries);
            if Instant::now() + wait >= deadline {
                break;
            }
            sleep(wait).await;
        }
        Err(last)
    }

    /// On a connection of its own, because sqlx's pool does not report why it cannot connect until its timeout is over.
    async fn try_session(&self) -> Result<(), Error> {
        let failed = |error| Error::sqlx(During::Connect, error);
        let startup = self.inner.check_startup();
        startup.map_err(|cause| Error::new(During::Connect, cause))?;
        let connected = self.inner.connect_apart("ready").await;
        let mut connection = connected.map_err(failed)?;
        let session = Session::ask(&mut connection).await.map_err(failed)?;
        let _closed = connection.close().await;
        let wanted = self.inner.wanted;
        if !session.is_wanted(wanted) {
            return Err(Error::new(During::Connect, Cause::OtherSession(wanted)));
        }
        self.accept_session(&session)
    }
}
