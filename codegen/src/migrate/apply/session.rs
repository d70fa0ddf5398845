//! A connection that migrates: where the table of migrations is, and who asks.

use super::progress::Watch;
use super::refusal::Left;
use super::url::read_database_url;
use super::{lock, pooler};
use crate::report::Failure;
use sqlx::postgres::PgConnectOptions;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, Row as _,
};
use std::time::Duration;

/// The name of this session in `pg_stat_activity`, as in `SETTINGS`.
const APPLICATION: &str = "xact migrate";

/// A connection to the database that is migrated.
#[derive(Debug)]
pub struct Session {
    /// The connection.
    pub connection: PgConnection,
    /// The table of migrations as SQL, with its schema; nothing until there is one.
    ///
    /// Invariant: statements name the table by this alone, for a migration may change `search_path`.
    pub(super) table: Option<String>,
    /// How a second connection asks about a long statement.
    pub(super) watch: Option<Watch>,
    /// How long a statement that changes the schema waits for a lock at a time; nothing for as long as it takes.
    pub lock_timeout: Option<Duration>,
    /// Whether the role or the database sets a lock timeout, which is then kept.
    pub(super) has_lock_timeout: bool,
    /// The server process that holds the lock of migrations, once no pooler is known to be between.
    pub(super) process: Option<i32>,
    /// The settings that are repeated after each `RESET ALL`.
    settings: &'static str,
}

/// Settings of a session that migrates. They are statements, not parameters of the startup message,
/// because pgbouncer refuses those.
const SETTINGS: &str = "\
    -- A server that notices at once that its client has gone stops its statement and releases the lock.
    SET client_connection_check_interval = '1s';
    -- A recorded migration is on disk, also on a server that delays commits.
    SET synchronous_commit = on;
    -- Those of the startup message, which a session pooler sends as statements: RESET ALL loses them.
    SET application_name = 'xact migrate';
    SET client_encoding = 'UTF8'; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'";

impl Session {
    /// Connects to the database at `url`.
    ///
    /// # Errors
    /// If the URL is not one or the server does not let this user in.
    ///
    /// # Cancellation
    /// Dropping the future closes the half-open connection.
    pub async fn connect(url: &str) -> Result<Self, Failure> {
        Self::open(read_database_url(url)?).await
    }

    /// Connects to a database.
    ///
    /// # Errors
    /// As [`Session::connect`].
    ///
    /// # Cancellation
    /// As [`Session::connect`].
    pub async fn open(options: PgConnectOptions) -> Result<Self, Failure> {
        let options = options.application_name(APPLICATION);
        let mut connection = options
            .connect()
            .await
            .map_err(Failure::database_at(&options))?;
        let watch = Watch::on(&mut connection, options).await?;
        let mut session = Self::over(connection).await?;
        session.watch = Some(watch);
        Ok(session)
    }

    /// Migrates over a connection that exists, and watches nothing.
    ///
    /// # Errors
    /// If the connection breaks.
    pub(crate) async fn over(mut connection: PgConnection) -> Result<Self, Failure> {
        let table = find_table(&mut connection).await?;
        Ok(Self {
            connection,
            table,
            watch: None,
            lock_timeout: None,
            has_lock_timeout: false,
            process: None,
            settings: "",
        })
    }

    /// Ends the session, and waits until the server knows.
    pub async fn close(self) {
        // A connection that cannot be closed in order is closed all the same.
        let _ = self.connection.close().await;
    }

    /// The number of the lock under which stock sqlx and this tool migrate the database.
    ///
    /// # Errors
    /// If the connection breaks.
    ///
    /// # Cancellation
    /// Nothing was changed.
    pub async fn lock_id(&mut self) -> Result<i64, Failure> {
        lock::read_lock_id(&mut self.connection).await
    }

    /// The table of migrations; makes it, as stock sqlx would, if there is none.
    pub(super) async fn table(&mut self) -> Result<String, Failure> {
        if let Some(table) = &self.table {
            return Ok(table.clone());
        }
        self.connection
            .execute(include_str!("ledger.sql"))
            .await
            .map_err(Failure::migrations_table("making the table of migrations"))?;
        self.table = find_table(&mut self.connection).await?;
        let nowhere =
            || Failure::Internal("the table of migrations is not on the search path".into());
        self.table.clone().ok_or_else(nowhere)
    }

    /// Makes the session one that migrates, after no pooler was found.
    pub(super) async fn prepare(&mut self) -> Result<(), Failure> {
        if self.watch.is_none() {
            return Ok(());
        }
        self.settings = SETTINGS;
        let doing = "setting up the session";
        self.execute(SETTINGS, doing).await?;
        // Read after the settings, so a value of the role or the database shows.
        let timeout = sqlx::raw_sql("SHOW lock_timeout").fetch_one(&mut self.connection);
        let timeout: String = timeout
            .await
            .and_then(|row| row.try_get(0))
            .map_err(Failure::connection(doing))?;
        self.has_lock_timeout = timeout != "0";
        Ok(())
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// [`Failure::Pooler`] if it is not in the session that holds the lock.
    pub(super) async fn begin(&mut self, doing: &'static str) -> Result<(), Failure> {
        self.execute("BEGIN", doing).await?;
        let Some(locked) = self.process else {
            return Ok(());
        };
        // Asked inside the transaction: a pooler may have changed the server since the check at the
        // beginning.
        if pooler::server_process(&mut self.connection).await? == locked {
            return Ok(());
        }
        self.execute("ROLLBACK", doing).await?;
        Err(Failure::Pooler)
    }

    /// Undoes the changes of a migration to the session: the next one starts where the first did.
    pub(super) async fn fresh(&mut self) -> Result<(), Failure> {
        // The migration may have run DEALLOCATE ALL.
        let cleared = self.connection.clear_cached_statements().await;
        cleared.map_err(Failure::connection("resetting the session"))?;
        // RESET ALL does not reset the role of SET SESSION AUTHORIZATION ("RESET").
        let sql = format!("RESET SESSION AUTHORIZATION; RESET ALL; {}", self.settings);
        self.execute(&sql, "resetting the session").await
    }

    /// The part of a refused migration that stays.
    pub(super) fn left(&self, left: Left) -> Left {
        match self.watch {
            Some(_) => left,
            // The database is one that the tool created for itself.
            None => Left::Throwaway,
        }
    }

    /// Runs a statement of the tool's own.
    pub(crate) async fn execute(&mut self, sql: &str, doing: &'static str) -> Result<(), Failure> {
        let sql = AssertSqlSafe(sql.to_owned());
        let done = self.connection.execute(sql).await;
        done.map(drop).map_err(Failure::connection(doing))
    }
}

/// By the simple protocol, which every pooler takes.
async fn find_table(connection: &mut PgConnection) -> Result<Option<String>, Failure> {
    let doing = Failure::connection("looking for the table of migrations");
    let row = sqlx::raw_sql(include_str!("table.sql")).fetch_optional(connection);
    let name = row
        .await
        .and_then(|row| row.map(|row| row.try_get(0)).transpose());
    name.map_err(doing)
}
