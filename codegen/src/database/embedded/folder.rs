//! The folder of an embedded server, and the removal of those of killed runs.

use crate::report::Failure;
use std::fs::File;
use std::path::{Path, PathBuf};

/// As of the private servers, whose sweep knows a folder by its name and a free lock.
const PREFIX: &str = "xact-throwaway-";
const LOCK: &str = "lock";

/// The port in the name of the socket.
pub(super) const PORT: u16 = 5432;

/// A private folder. Dropping it removes it.
#[derive(Debug)]
pub(super) struct EmbeddedFolder {
    folder: tempfile::TempDir,
    /// Held as long as the folder is in use; the system lets go of it however the process ends.
    _lock: File,
}

impl EmbeddedFolder {
    pub(super) fn create() -> Result<Self, Failure> {
        let root = std::env::temp_dir();
        sweep_leftovers(&root);
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(&root)
            .map_err(Failure::io("create a folder in", &root))?;
        // A lock file that is there and free means an orphan, so it gets its name once it is held.
        let unnamed = folder.path().join("lock-new");
        let lock = File::create(&unnamed).map_err(Failure::io("create", &unnamed))?;
        lock.lock().map_err(Failure::io("lock", &unnamed))?;
        let named = folder.path().join(LOCK);
        std::fs::rename(&unnamed, named).map_err(Failure::io("rename", unnamed))?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.path().join(format!(".s.PGSQL.{PORT}"))
    }
}

/// Removes the leftovers of killed runs. A folder with a server of its own process is left to the sweep of those.
fn sweep_leftovers(root: &Path) {
    for entry in std::fs::read_dir(root).into_iter().flatten().flatten() {
        let path = entry.path();
        if !entry.file_name().to_string_lossy().starts_with(PREFIX)
            || path.join("data/postmaster.pid").exists()
        {
            continue;
        }
        let lock = File::open(path.join(LOCK));
        if lock.is_ok_and(|lock| lock.try_lock().is_ok()) {
            let _ = std::fs::remove_dir_all(path);
        }
    }
}
