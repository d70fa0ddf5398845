//! How a pool connects and how many connections it keeps: from a URL, from the environment, or set in code.

mod channel_binding;
mod read;
mod table;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests;

use std::fmt;
use std::time::Duration;

use log::LevelFilter;
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

pub use self::read::read_connection;
use crate::Pool;
use crate::error::{During, Error};
use crate::open::Attempts;
use crate::target_session::TargetSessionAttrs;

/// The settings of a pool, by whichever way they are given:
///
/// | environment | parameter of the URL | | default |
/// | --- | --- | --- | --- |
/// | `DATABASE_URL` | | `postgres://user:password@host:5432/database?…` | |
/// | `DATABASE_POOL_SIZE` | `pool_size` | connections at most | 10 |
/// | `DATABASE_MAX_OVERFLOW` | `max_overflow` | so many more under load | 0 |
/// | `DATABASE_POOL_MIN_SIZE` | `pool_min_size` | connections kept open | 0 |
/// | `DATABASE_POOL_TIMEOUT` | `pool_timeout` | seconds to wait for a connection | 30 |
/// | `DATABASE_POOL_RECYCLE` | `pool_recycle` | seconds that a connection lives; 0 is forever | 1800 |
/// | `DATABASE_POOL_IDLE_TIMEOUT` | `pool_idle_timeout` | seconds that it may be idle; 0 is forever | 600 |
/// | `DATABASE_ECHO` | `echo` | log statements: `true` or `false` | `false` |
/// | `DATABASE_SLOW_QUERY` | `slow_query` | log statements that take so many seconds | none |
/// | `DATABASE_TARGET_SESSION_ATTRS` | `target_session_attrs` | [accepted servers](TargetSessionAttrs) | `any` |
/// | `DATABASE_APPLICATION_NAME` | `application_name` | the name in `pg_stat_activity` | `PGAPPNAME` |
///
/// The environment overrides the URL. The other parameters of the URL are those of libpq: `sslmode`, `sslrootcert`, `sslcert`, `sslkey`,
/// `host` with a folder for a Unix socket, `options`. Missing parts come from `PGHOST`, `PGUSER`, `PGSSLMODE` and so on.
///
/// Only `sslmode=verify-full` keeps a password from an attacker who answers in place of the server: the certificate has
/// to be signed by `sslrootcert`, or by an authority that browsers trust, and to name the host. `require` encrypts and
/// verifies nothing; `verify-ca` verifies the signature alone.
///
/// `channel_binding=require`, as in the URLs of some providers, makes it `verify-full`: this client has no channel binding, and
/// a verified certificate keeps out the same attacker.
///
/// ```
/// use std::time::Duration;
///
/// # fn example() -> Result<(), xact::Error> {
/// let url = "postgres://app:secret@db.example.com/app?sslmode=verify-full&pool_size=20";
/// let settings = xact::PoolSettings::from_url(url)?.acquire_timeout(Duration::from_secs(5));
/// # let _ = settings; Ok(()) }
/// # example().unwrap();
/// ```
#[derive(Clone)]
pub struct PoolSettings {
    connection: PgConnectOptions,
    size: u32,
    overflow: u32,
    min_size: u32,
    acquire_timeout: Duration,
    max_lifetime: Option<Duration>,
    idle_timeout: Option<Duration>,
    log: bool,
    slow: Option<Duration>,
    target: TargetSessionAttrs,
}

impl PoolSettings {
    /// The settings of a URL.
    ///
    /// # Errors
    /// It is not a URL of Postgres, or has an unknown parameter or an invalid value. The error shows no value of it.
    pub fn from_url(url: &str) -> Result<Self, Error> {
        read::read_url(url).map_err(Error::from_setting)
    }

    /// The settings of `DATABASE_URL` and the other variables of the environment.
    ///
    /// # Errors
    /// `DATABASE_URL` is not set, or a variable has an invalid value. The error shows no value.
    pub fn from_env() -> Result<Self, Error> {
        read::read_environment(&|name| std::env::var(name)).map_err(Error::from_setting)
    }

    /// The settings for host, user, password and database one by one, with the defaults of a URL for everything else. Nothing is
    /// percent-encoded: a password is given as it is.
    ///
    /// ```
    /// use xact::sqlx::postgres::PgConnectOptions;
    ///
    /// let options = PgConnectOptions::new_without_pgpass()
    ///     .host("db.example.com")
    ///     .username("app")
    ///     .password("p@ss/word")
    ///     .database("app");
    /// let settings = xact::PoolSettings::from_connection(options).size(20);
    /// # let _ = settings;
    /// ```
    pub fn from_connection(connection: PgConnectOptions) -> Self {
        Self::new(connection)
    }

    fn new(connection: PgConnectOptions) -> Self {
        Self {
            connection,
            size: 10,
            overflow: 0,
            min_size: 0,
            acquire_timeout: Duration::from_secs(30),
            // The defaults of sqlx: a backend's caches grow, and load balancers drop connections that are idle for longer.
            max_lifetime: Some(Duration::from_mins(30)),
            idle_timeout: Some(Duration::from_mins(10)),
            log: false,
            slow: None,
            target: TargetSessionAttrs::Any,
        }
    }

    /// How many connections there may be at once.
    #[must_use]
    pub fn size(self, connections: u32) -> Self {
        Self {
            size: connections,
            ..self
        }
    }

    /// How many connections are kept open, even if no transaction needs them.
    #[must_use]
    pub fn min_size(self, connections: u32) -> Self {
        Self {
            min_size: connections,
            ..self
        }
    }

    /// How long a transaction waits for a connection before it fails:
    /// [`Error::is_pool_exhausted`], [`Error::is_unreachable`].
    #[must_use]
    pub fn acquire_timeout(self, limit: Duration) -> Self {
        Self {
            acquire_timeout: limit,
            ..self
        }
    }

    /// How long a connection lives; it is not ended in the middle of a transaction.
    #[must_use]
    pub fn max_lifetime(self, limit: Option<Duration>) -> Self {
        Self {
            max_lifetime: limit,
            ..self
        }
    }

    /// How long a connection may wait for a transaction before it is closed.
    #[must_use]
    pub fn idle_timeout(self, limit: Option<Duration>) -> Self {
        Self {
            idle_timeout: limit,
            ..self
        }
    }

    /// The name of the connections in `pg_stat_activity` and in the server's log.
    #[must_use]
    pub fn application_name(self, name: &str) -> Self {
        Self {
            connection: self.connection.application_name(name),
            ..self
        }
    }

    /// The servers that are accepted: all, those that take writes, or standbys.
    #[must_use]
    pub fn target_session_attrs(self, target: TargetSessionAttrs) -> Self {
        Self { target, ..self }
    }

    /// Logs each statement without its values, at level INFO and target `sqlx::query`.
    #[must_use]
    pub fn log_statements(self) -> Self {
        Self { log: true, ..self }
    }

    /// Logs each statement that takes so long, without its values, at level WARN and target `sqlx::query`.
    #[must_use]
    pub fn log_slow_statements(self, duration: Duration) -> Self {
        Self {
            slow: Some(duration),
            ..self
        }
    }

    fn connection_options(&self) -> PgConnectOptions {
        let mut connection = self.connection.clone().disable_statement_logging();
        if self.log {
            connection = connection.log_statements(LevelFilter::Info);
        }
        if let Some(slow) = self.slow {
            connection = connection.log_slow_statements(LevelFilter::Warn, slow);
        }
        connection
    }

    fn pool_options(&self) -> PgPoolOptions {
        PgPoolOptions::new()
            .max_connections(self.size.saturating_add(self.overflow))
            .min_connections(self.min_size)
            .acquire_timeout(self.acquire_timeout)
            .max_lifetime(self.max_lifetime)
            .idle_timeout(self.idle_timeout)
    }
}

/// Host and database only, so that the password is never shown.
impl fmt::Debug for PoolSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolSettings")
            .field("host", &self.connection.get_host())
            .field("database", &self.connection.get_database())
            .field("size", &self.size)
            .field("overflow", &self.overflow)
            .field("min_size", &self.min_size)
            .field("acquire_timeout", &self.acquire_timeout)
            .field("max_lifetime", &self.max_lifetime)
            .field("idle_timeout", &self.idle_timeout)
            .field("target_session_attrs", &self.target)
            .finish_non_exhaustive()
    }
}

impl Pool {
    /// Connects to the database at `url`, which may have parameters of [`PoolSettings`].
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), xact::Error> {
    /// let pool = xact::Pool::connect("postgres://app:secret@localhost:5432/app?pool_size=20").await?;
    /// # let _ = pool; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The URL cannot be read, or no connection can be made. The error never shows the URL or its password.
    ///
    /// # Cancellation
    /// Safe: a connection being made is closed.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let pool = Self::from_settings(&PoolSettings::from_url(url)?);
        pool.connect_once().await?;
        Ok(pool)
    }

    /// Connects to the database at `DATABASE_URL`, with the [`PoolSettings`] of the environment.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), xact::Error> {
    /// let pool = xact::Pool::from_env().await?;
    /// # let _ = pool; Ok(()) }
    /// ```
    ///
    /// # Errors
    /// A variable has an invalid value, or no connection can be made. The error never shows the URL or its password.
    ///
    /// # Cancellation
    /// Safe: a connection being made is closed.
    pub async fn from_env() -> Result<Self, Error> {
        let pool = Self::from_settings(&PoolSettings::from_env()?);
        pool.connect_once().await?;
        Ok(pool)
    }

    /// A pool with these settings; it connects when the first transaction begins.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), xact::Error> {
    /// let settings = xact::PoolSettings::from_env()?.application_name("worker");
    /// let pool = xact::Pool::from_settings(&settings);
    /// # let _ = pool; Ok(()) }
    /// ```
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn from_settings(settings: &PoolSettings) -> Self {
        Self::new(
            settings.pool_options(),
            settings.connection_options(),
            settings.target,
        )
    }

    /// The first connection is opened now, because a wrong URL should fail here and not in the first transaction.
    async fn connect_once(&self) -> Result<(), Error> {
        let mut attempts = Attempts::new(self, self.deadline());
        loop {
            let cause = match attempts.acquire().await {
                Ok(guard) => {
                    guard.release();
                    return Ok(());
                }
                Err(cause) => cause,
            };
            let another = attempts.next_attempt(cause).await;
            another.map_err(|cause| Error::new(During::Connect, cause))?;
        }
    }
}
