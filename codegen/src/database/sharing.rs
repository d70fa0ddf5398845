//! A migrated database on the server that all processes with the same project open share.
//!
//! Given: a project. Gives: a copy of the database that another process migrated, or one that is migrated here. The key of a server
//! is the hash of everything the database depends on: the migrations, the project's folder, this program, and its Postgres. So a process
//! never joins a server of other migrations, of another build of the tool, or of another project.

use super::host::Host;
use super::tool::hash_tool;
use super::{Choice, ThrowawayDatabase};
use crate::migrate::apply::Folder;
use crate::project::Project;
use crate::report::activity::doing;
use crate::report::{Failure, Stop};
use xact_server::{ProjectDatabase, Publication, Server};

/// The roles that the migrations of another process created, by the first OID that `initdb` does not use.
const CREATED_ROLES: &str = include_str!("created_roles.sql");

/// With which processes a server is shared. An external server and the embedded one are not: each process has its own database there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// With none: for commands that change roles or commit rows.
    Private,
    /// With those that have the project open, if there are any.
    Join,
    /// The same; and if there are none, with those that come later.
    Publish,
}

impl ThrowawayDatabase {
    /// The migrated database of a project.
    ///
    /// # Errors
    /// As [`ThrowawayDatabase::migrated`].
    ///
    /// # Cancellation
    /// As [`ThrowawayDatabase::migrated`]. A shared server goes on if other processes use it.
    pub(crate) async fn open(
        project: &Project,
        url: Option<&str>,
        sharing: Sharing,
    ) -> Result<Self, Stop> {
        let choice = Choice::of(url)?;
        let (Choice::Postgres(postgres), Some(key)) = (&choice, write_key(project)) else {
            return Self::migrated(project, url).await;
        };
        let opened = match sharing {
            Sharing::Private => None,
            Sharing::Join => Server::join_project(postgres, &key)
                .await
                .map(ProjectDatabase::Copied),
            Sharing::Publish => {
                let _at = doing("starting Postgres");
                let opened = Server::open_project(postgres, &key).await;
                opened.map_err(Failure::from)?
            }
        };
        match opened {
            Some(ProjectDatabase::Copied(server)) => Ok(Self::of_copy(project, server).await?),
            Some(ProjectDatabase::Empty(server, publication)) => {
                Self::publish(project, server, publication).await
            }
            None => Self::migrated(project, url).await,
        }
    }

    async fn of_copy(project: &Project, server: Server) -> Result<Self, Stop> {
        let folder = Folder::of(project)?;
        let mut database = Self::on(Host::Server(server)).await?;
        let connection = &mut database.session.connection;
        let roles: Result<Vec<String>, _> = sqlx::query_scalar(CREATED_ROLES)
            .fetch_all(connection)
            .await;
        database.created_roles = roles.map_err(Failure::connection("reading the roles"))?;
        // In the order of bytes, as those of a database that was migrated here.
        database.created_roles.sort();
        database.warnings = folder.warnings;
        database.used = true;
        Ok(database)
    }

    async fn publish(
        project: &Project,
        server: Server,
        publication: Publication,
    ) -> Result<Self, Stop> {
        let database = Self::on(Host::Server(server)).await?;
        let mut database = database.migrate(Folder::of(project)?).await?;
        // Without it each process has its own server: that costs time, not correctness.
        let _ = publication.publish(&mut database.session.connection).await;
        Ok(database)
    }
}

/// Everything that a migrated database depends on besides the Postgres.
fn write_key(project: &Project) -> Option<String> {
    let root = project.root.canonicalize().ok()?;
    let (tool, migrations) = (hash_tool()?, project.migrations_fingerprint());
    Some(format!("{tool:x} {migrations:x} {}", root.display()))
}
