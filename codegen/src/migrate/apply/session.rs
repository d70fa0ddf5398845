//! A connection that migrates: where the table of migrations is, and who asks.

use super::lock;
use super::progress::Watch;
use crate::report::Failure;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection};
use std::str::FromStr as _;

/// What other sessions see of this one in `pg_stat_activity`.
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
    /// How a second connection finds out what a long statement waits for.
    pub(super) watch: Option<Watch>,
}

impl Session {
    /// Connects to the database at `url`.
    ///
    /// # Errors
    /// If the URL is not one or the server does not let this user in.
    ///
    /// # Cancellation
    /// Dropping the future closes the half-open connection.
    pub async fn connect(url: &str) -> Result<Self, Failure> {
        let options = PgConnectOptions::from_str(url).map_err(Failure::database)?;
        Self::open(options).await
    }

    /// Connects to a database.
    ///
    /// # Errors
    /// As [`Session::connect`].
    ///
    /// # Cancellation
    /// As [`Session::connect`].
    pub async fn open(options: PgConnectOptions) -> Result<Self, Failure> {
        let options = options.application_name(APPLICATION).options([
            // A server that notices at once that nobody listens any more stops what it does, and
            // releases the lock.
            ("client_connection_check_interval", "1s"),
            // What was applied is applied, also on a server that leaves commits in memory for a while.
            ("synchronous_commit", "on"),
        ]);
        let mut connection = options.connect().await.map_err(Failure::database)?;
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
        let table = find(&mut connection).await?;
        Ok(Self {
            connection,
            table,
            watch: None,
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
        lock::id(&mut self.connection).await
    }

    /// The table of migrations; makes it, as stock sqlx would, if there is none.
    pub(super) async fn table(&mut self) -> Result<String, Failure> {
        if let Some(table) = &self.table {
            return Ok(table.clone());
        }
        let doing = "making the table of migrations";
        self.connection
            .execute(include_str!("ledger.sql"))
            .await
            .map_err(Failure::connection(doing))?;
        self.table = find(&mut self.connection).await?;
        let nowhere =
            || Failure::Internal("the table of migrations is not on the search path".into());
        self.table.clone().ok_or_else(nowhere)
    }

    /// Undoes what a migration did to the session: the next one starts where the first did.
    pub(super) async fn fresh(&mut self) -> Result<(), Failure> {
        let doing = "resetting the session";
        self.execute("RESET SESSION AUTHORIZATION; RESET ALL", doing)
            .await
    }

    /// Runs a statement of the tool's own.
    pub(crate) async fn execute(&mut self, sql: &str, doing: &'static str) -> Result<(), Failure> {
        let sql = AssertSqlSafe(sql.to_owned());
        let done = self.connection.execute(sql).await;
        done.map(drop).map_err(Failure::connection(doing))
    }
}

async fn find(connection: &mut PgConnection) -> Result<Option<String>, Failure> {
    sqlx::query_scalar(
        "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_catalog.pg_class c \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.oid = to_regclass('_sqlx_migrations')",
    )
    .fetch_optional(connection)
    .await
    .map_err(Failure::connection("looking for the table of migrations"))
}
