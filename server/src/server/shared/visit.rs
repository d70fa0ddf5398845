//! A process's visit to the shared server: the protocol between the supervisor and its users.

use rustix::fs::FlockOperation;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

/// The pipe that each user holds open.
pub(super) const USERS: &str = "users";

/// The file that each user adds a byte to, and that the supervisor renames before it ends the server.
pub(super) const ARRIVALS: &str = "arrivals";

/// Locked for as long as the supervisor lives.
pub(in crate::server) const SUPERVISED: &str = "supervised";

/// Holds a shared server open. It ends with the process at the latest; no child inherits it.
#[derive(Debug)]
pub(in crate::server) struct Visit {
    _pipe: File,
}

impl Visit {
    /// `None` if no server runs in `folder`, or the server is ending, or it has no supervisor that would end it.
    ///
    /// Invariant: the pipe is opened before the byte is added, and the file checked last. The
    /// supervisor counts the bytes before it looks at the pipe, and once more after renaming the file.
    /// So it either waits for this user, or counts its byte, or has renamed the file before.
    pub(in crate::server) fn begin(folder: &Path) -> Option<Self> {
        let pipe = Self::hold(folder).ok()?;
        let door = folder.join(ARRIVALS);
        // The supervisor compares this file's size: a user who arrived while it counted is seen.
        let mut arrivals = OpenOptions::new().append(true).open(&door).ok()?;
        arrivals.write_all(b".").ok()?;
        // Checked after arriving: a supervisor that decided before has moved the folder away.
        (door.exists() && is_supervised(folder)).then_some(pipe)
    }

    /// Holds the pipe only, for the process that starts the server. Opened for reading and writing, a pipe never blocks (`fifo(7)`).
    pub(super) fn hold(folder: &Path) -> std::io::Result<Self> {
        let mut both_ways = OpenOptions::new();
        // Both ways, because opening a FIFO for one direction waits for the other end.
        let pipe = both_ways.read(true).write(true).open(folder.join(USERS))?;
        Ok(Self { _pipe: pipe })
    }
}

/// Whether the supervisor lives: it holds a lock, which the kernel releases however it ends.
pub(in crate::server) fn is_supervised(folder: &Path) -> bool {
    File::open(folder.join(SUPERVISED))
        // The supervisor holds the exclusive lock as its standard input, so it ends with the
        // process.
        .is_ok_and(|lock| rustix::fs::flock(&lock, FlockOperation::NonBlockingLockShared).is_err())
}
