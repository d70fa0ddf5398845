//! One process's part in keeping a server: the visit that its supervisor waits for, and a lock that shows who is the last.

use crate::server::shared::Visit;
use rustix::fs::FlockOperation;
use std::fs::File;
use std::path::Path;

/// Locked by each process that uses the server, shared; a pipe alone does not tell how many hold it.
const PRESENT: &str = "present";

/// Held for as long as the server is used.
#[derive(Debug)]
pub(super) struct Presence {
    lock: File,
    _visit: Visit,
}

/// The lock of the last process. While it is held, no other process begins to use the server.
#[derive(Debug)]
pub(super) struct LastPresence {
    _lock: File,
}

impl Presence {
    /// None if the last process is waiting for the end of the server.
    pub(super) fn begin(folder: &Path, visit: Visit) -> Option<Self> {
        let mut options = File::options();
        let lock = options
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join(PRESENT))
            .ok()?;
        rustix::fs::flock(&lock, FlockOperation::NonBlockingLockShared).ok()?;
        Some(Self {
            lock,
            _visit: visit,
        })
    }

    /// Ends it. Gives the exclusive lock if no other process uses the server; of several that end at once, one gets it.
    pub(super) fn end(self) -> Option<LastPresence> {
        let Self { lock, _visit } = self;
        // Unlocked first: two processes that convert their shared locks at the same time would both fail (`flock(2)`).
        let _ = rustix::fs::flock(&lock, FlockOperation::Unlock);
        let alone = rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive);
        alone.is_ok().then_some(LastPresence { _lock: lock })
    }
}
