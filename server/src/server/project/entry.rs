//! The file that leads from a key to the folder of a running server.
//!
//! It is locked by the process that is starting a server, and written when others can join. An entry is only a hint: whoever reads it
//! checks that the server is there.

use crate::cache::cache_folder;
use rustix::fs::FlockOperation;
use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// The folder of the entries in the cache folder.
const FOLDER: &str = "open";

/// The entry of one key.
#[derive(Debug)]
pub(super) struct Entry {
    path: PathBuf,
}

/// The lock of an entry. It ends with the process at the latest.
#[derive(Debug)]
pub(super) struct EntryLock {
    file: File,
}

impl Entry {
    /// None where there is no cache folder.
    pub(super) fn of(key: u64) -> Option<Self> {
        let path = cache_folder()?.join(FOLDER).join(format!("{key:016x}"));
        Some(Self { path })
    }

    /// The folder of the server, if one was published.
    pub(super) fn read(&self) -> Option<PathBuf> {
        let text = std::fs::read(&self.path).ok()?;
        // Without the newline it is being written at this moment.
        let path = text.strip_suffix(b"\n").filter(|path| !path.is_empty())?;
        Some(PathBuf::from(std::ffi::OsStr::from_bytes(path)))
    }

    /// None if another process has it.
    pub(super) fn try_lock(&self) -> std::io::Result<Option<EntryLock>> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
            remove_stale(folder, &self.path);
        }
        let mut options = File::options();
        let file = options
            .create(true)
            .truncate(false)
            .write(true)
            .open(&self.path)?;
        if !is_locked_now(&file) {
            return Ok(None);
        }
        // Between opening and locking, another process may have removed the file as stale: then this lock excludes no other process.
        let named = self.path.metadata();
        let is_named =
            named.is_ok_and(|named| named.ino() == file.metadata().map_or(0, |m| m.ino()));
        Ok(is_named.then_some(EntryLock { file }))
    }
}

impl EntryLock {
    /// Publishes a server, and gives up the lock.
    pub(super) fn write(mut self, folder: &Path) -> std::io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        let mut text = folder.as_os_str().as_bytes().to_vec();
        text.push(b'\n');
        self.file.write_all(&text)
    }
}

fn is_locked_now(file: &File) -> bool {
    rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive).is_ok()
}

/// Removes the entries of servers that have ended, except that of `own`: each edit of a migration leaves one.
fn remove_stale(folder: &Path, own: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let other = Entry { path };
        let ended = other.read().is_none_or(|folder| !folder.exists());
        if other.path == own || !ended {
            continue;
        }
        // A file whose lock is taken belongs to a process that is starting a server.
        if File::open(&other.path).is_ok_and(|file| is_locked_now(&file)) {
            let _ = std::fs::remove_file(&other.path);
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::Entry;

    #[test]
    fn one_process_at_a_time_starts_a_server_and_the_others_read_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let entry = Entry {
            path: folder.path().join("open/entry"),
        };
        let lock = entry.try_lock().unwrap().unwrap();
        assert!(entry.try_lock().unwrap().is_none(), "it is taken");
        assert_eq!(entry.read(), None, "nothing is published yet");
        lock.write(folder.path()).unwrap();
        assert_eq!(entry.read().as_deref(), Some(folder.path()));
        assert!(entry.try_lock().unwrap().is_some(), "it is free");
    }

    #[test]
    fn entries_of_servers_that_have_ended_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let entry = |name: &str| Entry {
            path: folder.path().join("open").join(name),
        };
        let (ended, live, starting) = (entry("ended"), entry("live"), entry("starting"));
        let gone = folder.path().join("gone");
        ended.try_lock().unwrap().unwrap().write(&gone).unwrap();
        live.try_lock()
            .unwrap()
            .unwrap()
            .write(folder.path())
            .unwrap();
        let _lock = starting.try_lock().unwrap().unwrap();
        assert!(entry("other").try_lock().unwrap().is_some());
        assert!(!ended.path.exists());
        assert!(live.path.exists() && starting.path.exists());
    }
}
