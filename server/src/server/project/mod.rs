//! The throwaway server that all processes with the same project open share: migrated once, it ends with the last of them.
//!
//! Given: a Postgres, and a key that names everything the migrated database depends on. Gives: to the first process an empty server and
//! a [`Publication`], to the others a copy of the database that the first one migrated. Nothing else is shared: each process changes
//! its own database only, and all see the same roles, because another text of the migrations is another key and another server.
//!
//! ```text
//! entry       the file in the cache folder that leads from a key to a server; its lock belongs to the process that starts one
//! presence    the visit of one process, and whether it was the last
//! copies      the template, and each process's copy of it
//! ```
//! Invariant: the supervisor (`shared/supervisor.sh`) ends the server when the last process that holds a visit has ended, however
//! it ended. A server whose supervisor was killed too is removed by the next run (`sweep.rs`).

mod copies;
mod entry;
mod presence;

use super::account::Account;
use super::choice::{Origin, ServerChoice};
use super::shared::{self, Started};
use super::{Server, ServerError, ServerKind, cluster, memory, sweep};
pub(super) use copies::is_copied_whole;
use entry::{Entry, EntryLock};
use presence::Presence;
use sqlx::PgConnection;
use sqlx::postgres::PgConnectOptions;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant, SystemTime};

/// How many seconds an unused server waits for another process: none, because a throwaway server never outlives the commands that
/// use it.
const LINGER: &str = "0";

/// How long to wait for the process that is migrating the same project: a large schema takes tens of seconds, and longer waits cost
/// more than a second server does.
const DEADLINE: Duration = Duration::from_mins(1);

/// Short next to a migration, long next to a `flock`.
const PAUSE: Duration = Duration::from_millis(10);

/// A database of this process's own on a server that several processes share. Dropping it ends the visit, and the last visit the server.
#[derive(Debug)]
pub(super) struct ProjectServer {
    folder: PathBuf,
    /// The copy that this process uses; none for the process that started the server, which uses the original.
    copy: Option<String>,
    presence: Option<Presence>,
    /// The process that watches the server, if it is a child of this one.
    supervisor: Option<Child>,
}

/// The result of [`Server::open_project`].
#[derive(Debug)]
pub enum ProjectDatabase {
    /// A copy of the database that another process migrated.
    Copied(Server),
    /// An empty database. Other processes wait until it is published.
    Empty(Server, Publication),
}

/// The right to publish a server under its key. Until it is used or dropped, no other process starts a server for the same key.
#[derive(Debug)]
pub struct Publication {
    entry: EntryLock,
    folder: PathBuf,
}

impl Server {
    /// A copy of the database that another process migrated under this key and uses now. `None` if there is none: nothing is started.
    ///
    /// # Cancellation
    /// Dropping the future ends the visit. A copy that was created is removed by the next process.
    pub async fn join_project(choice: &ServerChoice, key: &str) -> Option<Self> {
        let (entry, _) = find_entry(choice, key)?;
        join(&entry).await
    }

    /// The same; if there is none, an empty server that others can join once it is published. `None` if the choice is an external
    /// server, there is no cache folder, or another process has been migrating for a minute: then nothing is shared.
    ///
    /// # Errors
    /// As [`Server::start_chosen`].
    ///
    /// # Cancellation
    /// Dropping the future removes everything that was created so far.
    pub async fn open_project(
        choice: &ServerChoice,
        key: &str,
    ) -> Result<Option<ProjectDatabase>, ServerError> {
        let (Some((entry, hash)), Origin::Native(installation)) =
            (find_entry(choice, key), &choice.origin)
        else {
            return Ok(None);
        };
        let deadline = Instant::now() + DEADLINE;
        let lock = loop {
            if let Some(server) = join(&entry).await {
                return Ok(Some(ProjectDatabase::Copied(server)));
            }
            match entry.try_lock() {
                Ok(Some(lock)) => break lock,
                Ok(None) if Instant::now() < deadline => tokio::time::sleep(PAUSE).await,
                // A cache that cannot be written costs a server, not correctness.
                Ok(None) | Err(_) => return Ok(None),
            }
        };
        // Looked for once more: the lock may have been free because its holder has published meanwhile.
        if let Some(server) = join(&entry).await {
            return Ok(Some(ProjectDatabase::Copied(server)));
        }
        let account = Account::choose()?;
        sweep::remove_leftovers(account);
        let folder = memory::choose_folder(account).join(name_folder(hash));
        let started = shared::start_server(installation, account, &folder, LINGER).await;
        let started = started.inspect_err(|_| shared::remove_orphan(&folder))?;
        let server = ProjectServer::of_starter(folder.clone(), started)?;
        let publication = Publication {
            entry: lock,
            folder,
        };
        let server = Self {
            kind: ServerKind::Project(Box::new(server)),
        };
        Ok(Some(ProjectDatabase::Empty(server, publication)))
    }
}

impl Publication {
    /// Lets other processes join with copies of the database as it is now. `connection` is the only one to it.
    ///
    /// A database with properties that no copy has, such as `ALTER DATABASE … SET`, is not published.
    ///
    /// # Errors
    /// If the copy cannot be created. Nothing is published then.
    ///
    /// # Cancellation
    /// Nothing is published.
    pub async fn publish(self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        if copies::is_copied_whole(connection).await? {
            copies::create_template(connection).await?;
            self.entry.write(&self.folder).map_err(sqlx::Error::Io)?;
        }
        Ok(())
    }
}

impl ProjectServer {
    fn of_starter(folder: PathBuf, started: Started) -> Result<Self, ServerError> {
        let Started { visit, supervisor } = started;
        let presence = Presence::begin(&folder, visit)
            .ok_or_else(|| std::io::Error::other("the server has ended"))
            .map_err(ServerError::io("use", &folder))?;
        // The name by which a sweep finds the lock of a server whose supervisor was killed.
        let lock = folder.join(sweep::LOCK);
        std::fs::hard_link(folder.join(shared::SUPERVISED), &lock)
            .map_err(ServerError::io("create", lock))?;
        Ok(Self {
            folder,
            copy: None,
            presence: Some(presence),
            supervisor: Some(supervisor),
        })
    }

    pub(super) fn options(&self) -> PgConnectOptions {
        let options = cluster::cluster_options(&self.folder);
        match &self.copy {
            Some(name) => options.database(name),
            None => options,
        }
    }

    pub(super) async fn stop(mut self) -> Result<(), ServerError> {
        if let Some(name) = self.copy.take() {
            // A copy that stays takes room until the next process comes or the server ends.
            if let Err(error) = copies::drop_copy(&self.folder, &name).await {
                tracing::debug!(%error, name, "a copy is left behind");
            }
        }
        if self.leave() {
            return Ok(());
        }
        let source = std::io::Error::other("it is still there");
        Err(ServerError::io("remove", &self.folder)(source))
    }

    /// Ends the visit; the last one waits until the server is removed. Whether nothing is left that should have been removed.
    fn leave(&mut self) -> bool {
        let Some(presence) = self.presence.take() else {
            return true;
        };
        // Held until the server has ended: a process that comes now is told to wait for that.
        let last = presence.end();
        let removed = last.is_none() || wait_until_removed(&self.folder);
        if let Some(supervisor) = &mut self.supervisor {
            // Only reaps it: it runs on while other processes use the server.
            let _ = supervisor.try_wait();
        }
        removed
    }
}

impl Drop for ProjectServer {
    fn drop(&mut self) {
        self.leave();
    }
}

/// The entry of a key, and the hash that names it. Servers with other settings or another supervisor have other entries, so that two
/// versions of this crate never share one.
fn find_entry(choice: &ServerChoice, key: &str) -> Option<(Entry, u64)> {
    if matches!(choice.origin, Origin::External(_)) {
        return None;
    }
    let (postgres, settings) = (choice.identity(), cluster::SETTINGS.join("\n"));
    let (supervisor, version) = (shared::SUPERVISOR, env!("CARGO_PKG_VERSION"));
    let text = format!("{version}\n{postgres}\n{settings}\n{supervisor}\n{key}");
    let hash = crate::hash::hash_bytes(text.as_bytes());
    Some((Entry::of(hash)?, hash))
}

/// A stale entry, or a server that is ending, is no server.
async fn join(entry: &Entry) -> Option<Server> {
    let folder = entry.read()?;
    let account = Account::choose().ok()?;
    // The server may have ended long ago, and another user may have created a folder of this name since.
    shared::is_private(&folder.symlink_metadata().ok()?, account).ok()?;
    let presence = Presence::begin(&folder, shared::Visit::begin(&folder)?)?;
    let mut server = ProjectServer {
        folder,
        copy: None,
        presence: Some(presence),
        supervisor: None,
    };
    match copies::create_copy(&server.folder).await {
        Ok(name) => server.copy = Some(name),
        Err(error) => {
            tracing::debug!(%error, "the server of another process cannot be joined");
            return None;
        }
    }
    let kind = ServerKind::Project(Box::new(server));
    Some(Server { kind })
}

/// Unique: the process and the moment are in it. Short, because the path of a socket has at most 107 bytes (`unix(7)`).
fn name_folder(key: u64) -> String {
    let nanoseconds = SystemTime::UNIX_EPOCH
        .elapsed()
        .map_or(0, |since| since.as_nanos());
    let text = format!("{key} {} {nanoseconds}", std::process::id());
    let hash = crate::hash::hash_bytes(text.as_bytes());
    format!("{}{:010x}", sweep::PREFIX, hash >> 24)
}

/// The supervisor removes the folder with its last command; if it was killed, this does.
fn wait_until_removed(folder: &Path) -> bool {
    let deadline = Instant::now() + cluster::START_DEADLINE;
    while folder.exists() || shared::ended_folder(folder).exists() {
        if !shared::is_supervised(folder) && !shared::is_supervised(&shared::ended_folder(folder)) {
            shared::remove_orphan(folder);
        }
        if Instant::now() > deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    true
}
