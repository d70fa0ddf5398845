//! Migrated data folders that are kept between runs: a private server starts on a copy of one, and migrates nothing.
//!
//! Given: a Postgres, and a key that names everything the content depends on. Gives: the file that was kept under it, with notes of whoever
//! kept it, and a private server on a copy of its data. A kept file saves time and decides nothing: one that is missing, damaged, of
//! another Postgres, or whose server does not start, is none.
//!
//! ```text
//! snapshot       a running server, idle after a checkpoint → its data folder in one file      pack   the form of that file
//! installation   the extensions that CREATE EXTENSION would find
//! ```
//! Invariant: no server ever runs on what is kept, only on a copy of its own.

mod installation;
mod pack;
mod snapshot;

use super::choice::{Origin, ServerChoice};
use super::cluster::{self, Cluster};
use super::find::Installation;
use super::{Server, ServerError, ServerKind};
use crate::cache::cache_folder;
use pack::Pack;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// The folder of the files in the cache folder.
const FOLDER: &str = "databases";

/// One session asks and a second one helps at most, so that less has to be prepared than for tests. No setting here has an effect on the
/// result of a statement.
const SMALL: &[&str] = &[
    "shared_buffers=16MB",
    "max_connections=20",
    // The places for locks are for all sessions together: as many as with 200 connections.
    "max_locks_per_transaction=640",
    "max_wal_senders=0",
    "max_logical_replication_workers=0",
    // Postgres opens as many files at its start, to see whether it may.
    "max_files_per_process=200",
];

/// A migrated database that another run kept. Nothing is started.
#[derive(Debug)]
pub struct KeptDatabase {
    path: PathBuf,
    pack: Pack,
    installation: Installation,
}

/// A server on a copy of a kept database, which may not accept connections yet. Dropping it stops and removes it.
#[derive(Debug)]
pub struct StartingServer {
    cluster: Cluster,
    program: PathBuf,
}

impl KeptDatabase {
    /// The database that was kept under this key, with the same Postgres and the same extensions.
    pub fn find(choice: &ServerChoice, key: &str) -> Option<Self> {
        let Origin::Native(installation) = &choice.origin else {
            return None;
        };
        let (path, hash) = find_path(installation, key)?;
        let pack = Pack::open(&path, hash)?;
        (installation::describe_extensions(&pack.folders) == pack.extensions).then(|| Self {
            path,
            pack,
            installation: installation.clone(),
        })
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The notes that it was kept with.
    pub fn notes(&self) -> &[u8] {
        &self.pack.notes
    }

    /// Copies the data and starts a server on it. Blocks for as long as the copy takes.
    ///
    /// # Errors
    /// If the file is damaged, or the server cannot be started. The file is removed then.
    pub fn start(self) -> Result<StartingServer, ServerError> {
        let Self {
            path,
            pack,
            installation,
        } = self;
        let fill = |account, data: &Path| pack.unpack(account, data);
        let begun = Cluster::begin(&installation, SMALL, fill);
        let cluster = begun.inspect_err(|_| {
            let _ = std::fs::remove_file(&path);
        })?;
        let program = installation.program("postgres");
        Ok(StartingServer { cluster, program })
    }
}

impl StartingServer {
    /// Waits until the server accepts connections.
    ///
    /// # Errors
    /// If it ends instead.
    ///
    /// # Cancellation
    /// Dropping the future stops and removes the server.
    pub async fn ready(mut self) -> Result<Server, ServerError> {
        self.cluster.wait_until_ready(&self.program).await?;
        let kind = ServerKind::Native(self.cluster);
        Ok(Server { kind })
    }
}

/// The file of a key, whether it exists or not, and the hash that names it.
fn find_path(installation: &Installation, key: &str) -> Option<(PathBuf, u64)> {
    let program = installation.program("postgres").metadata().ok()?;
    let (length, changed, seconds) = (program.len(), program.mtime_nsec(), program.mtime());
    let (version, settings) = (&installation.version, cluster::SETTINGS.join("\n"));
    let (tool, bin) = (env!("CARGO_PKG_VERSION"), installation.bin.display());
    let text = format!("{tool}\n{version}\n{bin}\n{length} {seconds} {changed}\n{settings}\n{key}");
    let hash = crate::hash::hash_bytes(text.as_bytes());
    let folder = cache_folder()?.join(FOLDER);
    Some((folder.join(format!("{hash:016x}")), hash))
}

#[cfg(test)]
mod tests {
    use super::{SMALL, cluster::SETTINGS};

    /// `max_connections` times `max_locks_per_transaction`, which is 64 by default.
    fn count_locks(settings: &[&str]) -> usize {
        let find = |name: &str| {
            settings
                .iter()
                .find_map(|setting| setting.strip_prefix(name)?.parse::<usize>().ok())
        };
        find("max_connections=").unwrap_or(100) * find("max_locks_per_transaction=").unwrap_or(64)
    }

    #[test]
    fn a_copy_has_places_for_as_many_locks_as_the_server_that_was_kept() {
        assert!(count_locks(SMALL) >= count_locks(SETTINGS));
    }
}
