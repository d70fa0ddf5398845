//! A migrated database on the server that all processes with the same project open share.
//!
//! Given: a project. Gives: a copy of the database that another process migrated, or one that is migrated here. The key of a server
//! is the hash of everything the database depends on: the migrations, the project's folder, this program, and its Postgres. So a process
//! never joins a server of other migrations, of another build of the tool, or of another project.

use super::host::Host;
use super::kept::Keeping;
use super::tool::hash_tool;
use super::{Choice, EMBEDDED, ThrowawayDatabase};
use crate::migrate::apply::Folder;
use crate::project::Project;
use crate::report::activity::doing;
use crate::report::{Failure, Stop};
use xact::generated::content_hash;
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
    /// The migrated database of a project: a copy of the one of another process, or one that is migrated here, on a server that this
    /// starts or that is at `url`.
    ///
    /// # Errors
    /// A failure if there is no server; a diagnostic if a migration is refused.
    ///
    /// # Cancellation
    /// Dropping the future stops and removes the server. A shared server goes on if other processes use it.
    pub(crate) async fn open(
        project: &Project,
        url: Option<&str>,
        sharing: Sharing,
    ) -> Result<Self, Stop> {
        let folder = Folder::of(project)?;
        let choice = Choice::of(url)?;
        let mut database = match open_shared(&choice, project, sharing).await? {
            Some(ProjectDatabase::Copied(server)) => Self::of_copy(folder, server).await?,
            Some(ProjectDatabase::Empty(server, publication)) => {
                Self::publish(folder, server, publication).await?
            }
            None => {
                // The key has the day on which the migrations begin.
                let keeping = match (sharing, url) {
                    (Sharing::Join, None) => Keeping::of(project, Choice::of(url)?),
                    _ => None,
                };
                let at = doing("starting Postgres");
                let database = Self::start(&choice).await?;
                drop(at);
                let mut database = database.migrate(folder).await?;
                database.keeping = keeping;
                database
            }
        };
        if url.is_none_or(|url| url == EMBEDDED) {
            database.origin = Some(hash_origin(&choice, project));
        }
        Ok(database)
    }

    /// A copy of the database of another process that has the project open; none if there is none, or if that cannot be found out.
    ///
    /// # Cancellation
    /// The copy is removed by the next process.
    pub(crate) async fn join(project: &Project, url: Option<&str>) -> Option<Self> {
        let (choice, folder) = (Choice::of(url).ok()?, Folder::of(project).ok()?);
        let joined = open_shared(&choice, project, Sharing::Join).await.ok()?;
        let Some(ProjectDatabase::Copied(server)) = joined else {
            return None;
        };
        let mut database = Self::of_copy(folder, server).await.ok()?;
        database.origin = Some(hash_origin(&choice, project));
        Some(database)
    }

    async fn of_copy(folder: Folder, server: Server) -> Result<Self, Failure> {
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
        folder: Folder,
        server: Server,
        publication: Publication,
    ) -> Result<Self, Stop> {
        let database = Self::on(Host::Server(server)).await?;
        let mut database = database.migrate(folder).await?;
        // Without it each process has its own server: that costs time, not correctness.
        let _ = publication.publish(&mut database.session.connection).await;
        Ok(database)
    }
}

/// The hash of the Postgres and of the migrations that a database is built from.
pub(super) fn hash_origin(choice: &Choice, project: &Project) -> u64 {
    let (postgres, migrations) = (choice.identity(), project.migrations_fingerprint());
    content_hash(format!("{postgres:x} {migrations:x}").as_bytes())
}

/// A database on the server of all processes that share; none where nothing is shared.
async fn open_shared(
    choice: &Choice,
    project: &Project,
    sharing: Sharing,
) -> Result<Option<ProjectDatabase>, Failure> {
    if sharing == Sharing::Private {
        return Ok(None);
    }
    let (Choice::Postgres(postgres), Some(key)) = (choice, write_key(project)) else {
        return Ok(None);
    };
    if sharing == Sharing::Join {
        let joined = Server::join_project(postgres, &key).await;
        return Ok(joined.map(ProjectDatabase::Copied));
    }
    let _at = doing("starting Postgres");
    Ok(Server::open_project(postgres, &key).await?)
}

/// Everything that a migrated database depends on besides the Postgres.
fn write_key(project: &Project) -> Option<String> {
    let root = project.root.canonicalize().ok()?;
    let (tool, migrations) = (hash_tool()?, project.migrations_fingerprint());
    Some(format!("{tool:x} {migrations:x} {}", root.display()))
}
