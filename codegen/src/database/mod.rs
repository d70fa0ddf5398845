//! Boot and migrate: a throwaway Postgres in the state that the migrations describe.

mod migrate;

pub use migrate::migrate_database;

use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::{Failure, Stop};
use sqlx::{ConnectOptions as _, PgConnection};
use xact::testing::Server;

/// A migrated throwaway database and one connection to it.
#[derive(Debug)]
pub struct Database {
    /// The connection comes first: it closes before the server stops.
    pub connection: PgConnection,
    /// Roles that the migrations created.
    pub created_roles: Vec<String>,
    server: Server,
}

/// Queries are prepared once each; evicting one from the cache would cost a round trip.
const STATEMENTS: usize = 100_000;

impl Database {
    /// Starts the server (or uses the one at `url`) and applies the migrations.
    ///
    /// # Errors
    /// A failure if there is no server; a diagnostic if a migration is refused.
    ///
    /// # Cancellation
    /// Dropping the future stops and removes the server.
    pub async fn migrated(project: &Project, url: Option<&str>) -> Result<Self, Stop> {
        let mut server = Server::start(url).await.map_err(Failure::from)?;
        let options = server.options().statement_cache_capacity(STATEMENTS);
        let mut connection = options
            .connect()
            .await
            .map_err(Failure::connection("connecting"))?;
        let migrated = migrate::apply(&mut server, &mut connection, project).await;
        match migrated {
            Ok(created_roles) => Ok(Self {
                connection,
                created_roles,
                server,
            }),
            Err(stop) => {
                drop(connection);
                server.stop().await.map_err(Failure::from)?;
                Err(stop)
            }
        }
    }

    /// Stops the server and waits until it is gone.
    ///
    /// # Errors
    /// If something is left behind.
    ///
    /// # Cancellation
    /// Dropping the future still removes the server.
    pub async fn stop(self) -> Result<(), Failure> {
        drop(self.connection);
        Ok(self.server.stop().await?)
    }
}

/// A diagnostic that stops the pipeline by itself.
fn stop(diagnostic: Diagnostic) -> Stop {
    Stop::Diagnostics(vec![diagnostic])
}
