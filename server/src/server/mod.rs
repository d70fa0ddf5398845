//! A throwaway Postgres: found or made, used, and always removed.
//!
//! Given: a URL, or nothing. Gives: a [`Server`] with one empty database that only
//! this process uses. With a URL, that is a database of its own on the external server;
//! without one, a private cluster made from the Postgres binaries on this machine,
//! reachable by a unix socket that only its owner can open.
//!
//! Invariant: the server, or the database on an external server, never outlives its
//! [`Server`] value, or the last of those that share it (`project/`): not on success, error, panic or a
//! signal. Leftovers of `SIGKILL` are removed by the next run (`sweep.rs`, `external.rs`).
//!
//! This is the only module of the project that starts servers.

mod choice;
mod error;
mod find;

mod account;
mod cluster;
mod memory;
mod supervisor;
mod sweep;
mod template;

mod external;
mod kept;
mod local;
mod shared;

mod project;

pub use choice::ServerChoice;
pub use error::{ServerError, reason};
pub(super) use external::connect_to;
pub use external::show_address;
pub use kept::{KeptDatabase, StartingServer};
pub use local::{LocalCluster, LocalState};
pub use project::{ProjectDatabase, Publication};
pub(super) use shared::SharedServer;

use super::migrations::{self, MigrateError, Migrated};
use crate::connect::connect;
use choice::Origin;
use cluster::Cluster;
use external::ExternalDatabase;
use project::ProjectServer;
use sqlx::PgConnection;
use sqlx::postgres::PgConnectOptions;
use std::path::Path;

/// A running Postgres with one empty database for this process alone.
///
/// Dropping it stops the server and removes its files. [`Server::stop`] does the
/// same and reports a file that could not be removed.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use xact_server::Server;
///
/// let server = Server::start(None).await?;
/// let mut connection = server.connect().await?;
/// sqlx::query("CREATE TABLE notes (body text)").execute(&mut connection).await?;
/// drop(connection);
/// server.stop().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Server {
    kind: ServerKind,
}

#[derive(Debug)]
enum ServerKind {
    Native(Cluster),
    Project(Box<ProjectServer>),
    External(Box<ExternalDatabase>),
}

impl Server {
    /// Starts a throwaway server, or creates a throwaway database on the server at `url`.
    ///
    /// Without a URL the newest supported Postgres (15 to 18) found on this machine
    /// is used: on `PATH`, by `pg_config --bindir`, in `/usr/lib/postgresql/*/bin`,
    /// and in Homebrew's folders. `XACT_POSTGRES_BIN` names a folder of binaries to use instead.
    ///
    /// # Errors
    /// If no server is found, it does not start, or the URL does not lead to one
    /// where this user may create databases. The message lists the attempts.
    ///
    /// # Cancellation
    /// Dropping the future removes everything that was created so far.
    pub async fn start(url: Option<&str>) -> Result<Self, ServerError> {
        Self::start_chosen(&ServerChoice::of(url)?).await
    }

    /// Starts a throwaway server, or creates a throwaway database, on the chosen Postgres.
    ///
    /// # Errors
    /// If it does not start, or the URL does not lead to a server where this user may create databases.
    ///
    /// # Cancellation
    /// Dropping the future removes everything that was created so far.
    pub async fn start_chosen(choice: &ServerChoice) -> Result<Self, ServerError> {
        let kind = match &choice.origin {
            Origin::External(url) => {
                ServerKind::External(Box::new(ExternalDatabase::create(url).await?))
            }
            Origin::Native(installation) => ServerKind::Native(Cluster::start(installation).await?),
        };
        Ok(Self { kind })
    }

    /// Whether the server is a throwaway one: its user is then a superuser.
    pub fn is_private(&self) -> bool {
        matches!(self.kind, ServerKind::Native(_) | ServerKind::Project(_))
    }

    /// How to connect to the throwaway database.
    pub fn options(&self) -> PgConnectOptions {
        match &self.kind {
            ServerKind::Native(cluster) => cluster.options(),
            ServerKind::Project(server) => server.options(),
            ServerKind::External(database) => database.options(),
        }
    }

    /// Opens one connection to the throwaway database.
    ///
    /// # Errors
    /// If the server does not accept the connection.
    ///
    /// # Cancellation
    /// Dropping the future closes the half-open connection.
    pub async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        connect(&self.options()).await
    }

    /// Applies every migration in `folder` that the database does not have yet, in order of version.
    ///
    /// Stock sqlx: the same file names, the same `_sqlx_migrations` table and checksums, so
    /// `sqlx migrate run` could do the same. Roles that the migrations create are cluster-wide:
    /// on an external server they would outlive the database, so they are noted here and dropped
    /// with it.
    ///
    /// # Errors
    /// As [`Migrator::run`](sqlx::migrate::Migrator::run): a file that cannot be read, or a
    /// statement Postgres refuses. Roles of the migrations before it are noted anyway.
    ///
    /// # Cancellation
    /// The current migration is rolled back when the connection closes; earlier ones stay.
    pub async fn migrate(
        &mut self,
        connection: &mut PgConnection,
        folder: &Path,
    ) -> Result<Migrated, MigrateError> {
        let (created_roles, applied) = migrations::apply_folder(connection, folder).await;
        if let ServerKind::External(database) = &mut self.kind {
            database.adopt_roles(&created_roles).await?;
        }
        applied.map(|()| Migrated { created_roles })
    }

    /// Notes roles that were created for this database, to be dropped with it: on an external server they
    /// would outlive it.
    ///
    /// # Errors
    /// If the connection to an external server breaks.
    ///
    /// # Cancellation
    /// The roles are dropped anyway, unless this process is killed.
    pub async fn adopt_roles(&mut self, roles: &[String]) -> Result<(), sqlx::Error> {
        match &mut self.kind {
            ServerKind::Native(_) | ServerKind::Project(_) => Ok(()),
            ServerKind::External(database) => database.adopt_roles(roles).await,
        }
    }

    /// Lets a private server end while this process does something else. [`Server::stop`] waits for it.
    pub fn begin_stop(&mut self) {
        if let ServerKind::Native(cluster) = &mut self.kind {
            cluster.begin_stop();
        }
    }

    /// Stops the server, or drops the database, and waits for the end.
    ///
    /// # Errors
    /// If a file or database could not be removed; the message names it.
    ///
    /// # Cancellation
    /// Dropping the future still removes everything, without waiting.
    pub async fn stop(self) -> Result<(), ServerError> {
        match self.kind {
            ServerKind::Native(cluster) => cluster.stop(),
            ServerKind::Project(server) => server.stop().await,
            ServerKind::External(database) => database.remove().await,
        }
    }
}
