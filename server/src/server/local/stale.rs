//! Removes the files of a killed server that keep the next one from starting.
//!
//! Postgres refuses to start while the process that `postmaster.pid` names exists, even if it is only a
//! zombie, as in a container without an `init`.

use crate::server::{ServerError, sweep};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The server's other processes notice within moments that the first one has ended.
const DEADLINE: Duration = Duration::from_secs(30);

/// Removes the lock files of a server in `folder`, whose data is in `folder/data`, if it does not run any more.
///
/// Invariant: the files are removed only when no process of the former server is left, or two would write the same data.
pub(super) fn clear_stale_files(folder: &Path) -> Result<(), ServerError> {
    let data = &folder.join("data");
    let file = data.join("postmaster.pid");
    if !file.exists() || sweep::server_of(data).is_some() {
        return Ok(());
    }
    let deadline = Instant::now() + DEADLINE;
    // A postmaster that was killed leaves children that end by themselves; a second server beside
    // them would corrupt the data.
    while is_in_use(data) {
        if Instant::now() > deadline {
            let source = std::io::Error::other("processes of a former server still use its folder");
            return Err(ServerError::io("remove", file)(source));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    for file in socket_locks(folder).into_iter().chain([file]) {
        match std::fs::remove_file(&file) {
            // Its last process removed it.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            removed => removed.map_err(ServerError::io("remove", file))?,
        }
    }
    Ok(())
}

/// `.s.PGSQL.5432.lock`, in the folder that no other server's socket is in.
fn socket_locks(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(".s.PGSQL.") && name.ends_with(".lock")
        })
        .collect()
}

/// Every process of a server has the data directory as its working directory.
fn is_in_use(data: &Path) -> bool {
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return false;
    };
    processes.flatten().any(|process| {
        std::fs::read_link(process.path().join("cwd")).is_ok_and(|folder| folder == data)
    })
}
