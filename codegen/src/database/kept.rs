//! The migrated database that another run kept, in place of migrating again.
//!
//! Given: a project. Gives: the database that its migrations built, if they, the Postgres with its extensions, this program, the settings of
//! sessions and the day are as they were. Only runs of one command use it, on a private server; the others have a reason to migrate.

use super::host::Host;
use super::outside::reads_outside;
use super::tool::hash_tool;
use super::{Choice, ThrowawayDatabase, kept_files};
use crate::migrate::apply::Folder;
use crate::project::Project;
use crate::report::Failure;
use std::time::SystemTime;
use tokio::task::JoinHandle;
use xact_server::{KeptDatabase, ServerError, StartingServer};

/// A kept database. Nothing is started.
#[derive(Debug)]
pub(crate) struct FoundDatabase {
    kept: KeptDatabase,
    folder: Folder,
    origin: u64,
}

/// Its data, which a thread is copying.
#[derive(Debug)]
pub(crate) struct CopiedDatabase {
    server: JoinHandle<Result<StartingServer, ServerError>>,
    folder: Folder,
    origin: u64,
}

/// Its server, which may not accept connections yet.
#[derive(Debug)]
pub(crate) struct StartingDatabase {
    server: StartingServer,
    folder: Folder,
    origin: u64,
}

/// The right to keep a database: the Postgres that it is on, and the key.
#[derive(Debug)]
pub(super) struct Keeping {
    choice: Choice,
    key: String,
}

impl Keeping {
    /// None if the database could differ from the next one that the same migrations build.
    pub(super) fn of(project: &Project, choice: Choice) -> Option<Self> {
        let key = write_key(project)?;
        Some(Self { choice, key })
    }
}

impl FoundDatabase {
    /// The database of a project's migrations; none if none was kept, or if it is made on the server at `url`.
    pub(crate) fn find(project: &Project, url: Option<&str>) -> Option<Self> {
        let (None, Ok(choice)) = (url, Choice::of(url)) else {
            return None;
        };
        let Choice::Postgres(postgres) = &choice else {
            return None;
        };
        let kept = KeptDatabase::find(postgres, &write_key(project)?)?;
        kept_files::mark_used(kept.path());
        Some(Self {
            kept,
            folder: Folder::of(project).ok()?,
            origin: super::sharing::hash_origin(&choice, project),
        })
    }

    /// The notes that it was kept with.
    pub(crate) fn notes(&self) -> &[u8] {
        self.kept.notes()
    }

    /// The hash of the Postgres and of the migrations.
    pub(crate) fn origin(&self) -> u64 {
        self.origin
    }

    /// Begins to copy its data, on a thread of its own.
    pub(crate) fn begin(self) -> CopiedDatabase {
        let Self {
            kept,
            folder,
            origin,
        } = self;
        let server = tokio::task::spawn_blocking(move || kept.start());
        CopiedDatabase {
            server,
            folder,
            origin,
        }
    }
}

impl CopiedDatabase {
    /// Its server, as soon as it is started.
    ///
    /// # Errors
    /// If the copy is damaged, or the server does not start.
    ///
    /// # Cancellation
    /// The server is stopped and removed, at the latest when the runtime ends.
    pub(crate) async fn started(self) -> Result<StartingDatabase, Failure> {
        let Self {
            server,
            folder,
            origin,
        } = self;
        let ended = |error| Failure::Internal(format!("starting Postgres panicked: {error}"));
        Ok(StartingDatabase {
            server: server.await.map_err(ended)??,
            folder,
            origin,
        })
    }
}

impl StartingDatabase {
    /// The database, when its server accepts connections.
    ///
    /// # Errors
    /// If it does not start.
    ///
    /// # Cancellation
    /// The server is stopped and removed.
    pub(crate) async fn ready(
        self,
        created_roles: Vec<String>,
    ) -> Result<ThrowawayDatabase, Failure> {
        let server = self.server.ready().await?;
        let mut database = ThrowawayDatabase::on(Host::Server(server)).await?;
        database.created_roles = created_roles;
        database.warnings = self.folder.warnings;
        database.origin = Some(self.origin);
        database.used = true;
        Ok(database)
    }
}

impl ThrowawayDatabase {
    /// Keeps the database as the migrations left it, with notes, for the next run. It is on no other server than that of [`Keeping`].
    ///
    /// # Cancellation
    /// Nothing is kept.
    pub(crate) async fn keep(&mut self, notes: Vec<u8>) {
        let (Some(keeping), Host::Server(server)) = (self.keeping.take(), &self.host) else {
            return;
        };
        let Choice::Postgres(choice) = &keeping.choice else {
            return;
        };
        let connection = &mut self.session.connection;
        if let Some(path) = server.keep(connection, choice, &keeping.key, notes).await {
            kept_files::remove_unused(&path);
        }
    }

    /// Whether it can be kept.
    pub(crate) fn is_keepable(&self) -> bool {
        self.keeping.is_some()
    }
}

/// Everything that a migrated database depends on besides the Postgres; none if it depends on more.
fn write_key(project: &Project) -> Option<String> {
    if project
        .up_migrations()
        .any(|file| reads_outside(&file.text))
    {
        return None;
    }
    // A migration may create a partition for each month up to this one.
    let day = SystemTime::UNIX_EPOCH.elapsed().ok()?.as_secs() / 86_400;
    // The session has the options in `PGOPTIONS`.
    let variables =
        std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG"));
    let mut variables: Vec<_> = variables.collect();
    variables.sort();
    let (tool, migrations) = (hash_tool()?, project.migrations_fingerprint());
    Some(format!("{tool:x} {migrations:x} {day} {variables:?}"))
}
