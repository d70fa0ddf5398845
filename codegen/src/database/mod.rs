//! Boot and migrate: a throwaway Postgres in the state that the migrations describe.

mod migrate;

use crate::doing::doing;
use crate::migration::{Folder, Session};
use crate::project::Project;
use crate::{Failure, Stop};
use sqlx::ConnectOptions as _;
use xact::testing::Server;

/// A throwaway database and one connection to it.
#[derive(Debug)]
pub struct Database {
    /// The connection comes first: it closes before the server stops.
    pub session: Session,
    /// Roles that the migrations created.
    pub created_roles: Vec<String>,
    server: Server,
}

/// Queries are prepared once each; evicting one from the cache would cost a round trip.
const STATEMENTS: usize = 100_000;

impl Database {
    /// Starts the server (or uses the one at `url`): an empty database.
    ///
    /// # Errors
    /// A failure if there is no server.
    ///
    /// # Cancellation
    /// Dropping the future stops and removes the server.
    pub async fn empty(url: Option<&str>) -> Result<Self, Failure> {
        let _at = doing("starting Postgres");
        let server = Server::start(url).await?;
        let options = server.options().statement_cache_capacity(STATEMENTS);
        let connection = options
            .connect()
            .await
            .map_err(Failure::connection("connecting"))?;
        Ok(Self {
            session: Session::over(connection).await?,
            created_roles: Vec::new(),
            server,
        })
    }

    /// Starts the server (or uses the one at `url`) and applies the migrations.
    ///
    /// # Errors
    /// A failure if there is no server; a diagnostic if a migration is refused.
    ///
    /// # Cancellation
    /// Dropping the future stops and removes the server.
    pub async fn migrated(project: &Project, url: Option<&str>) -> Result<Self, Stop> {
        let folder = Folder::of(project)?;
        let mut database = Self::empty(url).await?;
        let migrations: Vec<_> = folder.migrations.iter().collect();
        match database.build(&migrations).await {
            Ok(()) => Ok(database),
            Err(stop) => {
                database.stop().await?;
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
        drop(self.session);
        Ok(self.server.stop().await?)
    }
}
