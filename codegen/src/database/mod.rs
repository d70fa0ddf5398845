//! Boot and migrate: a throwaway Postgres in the state that the migrations describe.

mod choice;
#[cfg(feature = "embedded")]
mod embedded;
mod host;
mod kept;
pub(crate) mod kept_files;
mod migrate;
mod outside;
mod reload;
mod schema;
mod sharing;
mod tool;

pub use choice::{Choice, EMBEDDED, Reason};
pub(crate) use kept::FoundDatabase;
pub(crate) use reload::UncheckedSchemaFile;
pub use schema::{read_or_explain, read_whole};
pub(crate) use sharing::Sharing;
pub(crate) use tool::hash_tool;

use crate::catalog_query::ask_for_english;
use crate::migrate::apply::{Folder, Session};
use crate::report::activity::doing;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::SourceFile;
use crate::report::{Failure, Stop};
use host::Host;
use kept::Keeping;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _};
use std::sync::Arc;

/// A throwaway database and one connection to it.
#[derive(Debug)]
pub struct ThrowawayDatabase {
    /// The connection comes first: it closes before the server stops.
    pub session: Session,
    /// Roles that the migrations created.
    pub created_roles: Vec<String>,
    /// Warnings about the files of the migrations that it was built from.
    pub warnings: Vec<Diagnostic>,
    /// The hash of the Postgres and of the migrations that it was built from; none on an external server, which other programs change.
    pub(crate) origin: Option<u64>,
    /// Whether the next run may use it, instead of migrating.
    keeping: Option<Keeping>,
    host: Host,
    /// The server process of the session.
    process: i32,
    /// Whether anything was put into it.
    used: bool,
}

/// How long the end of a session may take, in milliseconds.
const TERMINATION: i64 = 5000;

/// Queries are prepared once each; evicting one from the cache would cost a round trip.
const STATEMENTS: usize = 100_000;

impl ThrowawayDatabase {
    /// Starts the server that [`Choice::of`] chooses: an empty database.
    ///
    /// # Errors
    /// A failure if there is no server.
    ///
    /// # Cancellation
    /// Dropping the future stops and removes the server.
    pub async fn empty(url: Option<&str>) -> Result<Self, Failure> {
        let _at = doing("starting Postgres");
        Self::start(&Choice::of(url)?).await
    }

    /// Starts the server that was chosen: an empty database.
    ///
    /// # Errors
    /// If it does not start.
    ///
    /// # Cancellation
    /// Dropping the future stops and removes the server.
    pub async fn start(choice: &Choice) -> Result<Self, Failure> {
        Self::on(Host::start(choice, Vec::new()).await?).await
    }

    async fn on(host: Host) -> Result<Self, Failure> {
        let doing = Failure::connection("connecting");
        let options = host.options().statement_cache_capacity(STATEMENTS);
        let mut connection = options.connect().await.map_err(doing)?;
        for sql in host.list_removals() {
            let doing = Failure::connection("emptying the database");
            let removed = connection.execute(AssertSqlSafe(sql)).await;
            removed.map_err(doing)?;
        }
        let doing = Failure::connection("connecting");
        ask_for_english(&mut connection).await.map_err(doing)?;
        let doing = Failure::connection("connecting");
        let process = read_process(&mut connection).await.map_err(doing)?;
        Ok(Self {
            session: Session::over(connection).await?,
            created_roles: Vec::new(),
            warnings: Vec::new(),
            origin: None,
            keeping: None,
            host,
            process,
            used: false,
        })
    }

    /// Moves to a server with the extensions that these files create, if this one lacks them.
    async fn prepare(&mut self, files: &[&Arc<SourceFile>]) -> Result<(), Failure> {
        // Extensions of the embedded server are chosen when it starts, so only an unused database can move.
        if !self.used
            && let Some(extensions) = self.host.find_missing_extensions(files)
        {
            let choice = Choice::Embedded(Reason::Asked);
            *self = Self::on(Host::start(&choice, extensions).await?).await?;
        }
        self.used = true;
        Ok(())
    }

    /// Applies all migrations, or stops the server.
    async fn migrate(mut self, folder: Folder) -> Result<Self, Stop> {
        let migrations: Vec<_> = folder.migrations.iter().collect();
        match self.build(&migrations).await {
            Ok(()) => {
                self.warnings = folder.warnings;
                Ok(self)
            }
            Err(stop) => {
                self.stop().await?;
                Err(stop)
            }
        }
    }

    /// Whether its server has no other database of this program.
    pub(crate) fn has_own_server(&self) -> bool {
        self.host.is_private() && !self.host.has_one_connection()
    }

    /// Replaces the connection by another, after the server ended the session of the old one with all its locks.
    ///
    /// # Errors
    /// If the server does not take it, as the embedded one cannot.
    ///
    /// # Cancellation
    /// The old connection stays.
    pub(crate) async fn reconnect(&mut self) -> Result<(), Failure> {
        let failed = || Failure::connection("connecting again");
        let mut connection = self.connect().await?;
        sqlx::query("SELECT pg_catalog.pg_terminate_backend($1, $2)")
            .bind(self.process)
            .bind(TERMINATION)
            .execute(&mut connection)
            .await
            .map_err(failed())?;
        self.process = read_process(&mut connection).await.map_err(failed())?;
        self.session = Session::over(connection).await?;
        Ok(())
    }

    /// A second session, whose settings no earlier statement has set.
    ///
    /// # Errors
    /// If the server does not take it, as the embedded one cannot.
    ///
    /// # Cancellation
    /// Dropping the future closes the session.
    pub async fn connect(&self) -> Result<sqlx::PgConnection, Failure> {
        if self.host.has_one_connection() {
            return Err(Failure::OneConnection);
        }
        let failed = || Failure::connection("connecting");
        let options = self.host.options().statement_cache_capacity(STATEMENTS);
        let mut connection = options.connect().await.map_err(failed())?;
        ask_for_english(&mut connection).await.map_err(failed())?;
        Ok(connection)
    }

    /// Lets a private server end while this process does something else. [`ThrowawayDatabase::stop`] waits for it.
    pub(crate) fn begin_stop(&mut self) {
        self.host.begin_stop();
    }

    /// Stops the server and waits until it has ended.
    ///
    /// # Errors
    /// If something is left behind.
    ///
    /// # Cancellation
    /// Dropping the future still removes the server.
    pub async fn stop(self) -> Result<(), Failure> {
        drop(self.session);
        self.host.stop().await
    }
}

async fn read_process(connection: &mut sqlx::PgConnection) -> Result<i32, sqlx::Error> {
    let process = sqlx::query_scalar("SELECT pg_catalog.pg_backend_pid()");
    process.fetch_one(connection).await
}
