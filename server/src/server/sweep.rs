//! Removes the leftovers of killed runs: folders whose owner no longer holds their lock.

use super::account::Account;
use super::{ServerError, memory};
use rustix::fs::FlockOperation;
use rustix::process::{Pid, Signal};
use std::fs::File;
use std::path::{Path, PathBuf};

/// The beginning of the folder names of throwaway clusters.
pub(super) const PREFIX: &str = "xact-throwaway-";

pub(super) const LOCK: &str = "lock";

/// Creates and holds the lock that shows that the owner of this folder is alive.
///
/// The kernel releases it when the process ends, however it ends, and no child
/// inherits it, because Rust opens files close-on-exec.
pub(super) fn create_lock(folder: &Path) -> Result<File, ServerError> {
    // A lock file that is there and free means an orphan, so it gets its name once it is held.
    let unnamed = folder.join("lock-new");
    let file = File::create(&unnamed).map_err(ServerError::io("create", &unnamed))?;
    rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive)
        .map_err(|error| ServerError::io("lock", &unnamed)(error.into()))?;
    let path = folder.join(LOCK);
    std::fs::rename(&unnamed, &path).map_err(ServerError::io("rename", unnamed))?;
    Ok(file)
}

/// Stops and removes every cluster whose owner has ended. Never fails: a leftover may belong to
/// another user, or be removed by another run at the same time.
pub(super) fn remove_leftovers(account: Account) {
    for folder in memory::list_folders(account) {
        sweep_folder(&folder);
    }
}

fn sweep_folder(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            remove_if_orphaned(&entry.path());
        }
    }
}

fn remove_if_orphaned(folder: &Path) {
    // A folder without a lock file is being created at this moment, or belongs to another program.
    let Ok(lock) = File::open(folder.join(LOCK)) else {
        return;
    };
    if rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
        return;
    }
    stop_server(folder);
    let _ = std::fs::remove_dir_all(folder);
}

/// Stops the server of this folder, if `postmaster.pid` names a process that really is it.
pub(super) fn stop_server(folder: &Path) {
    let data = folder.join("data");
    let Some(pid) = server_of(&data) else { return };
    // SIGQUIT is the immediate shutdown: the data is removed anyway ("Shutting Down the Server").
    let _ = rustix::process::kill_process(pid, Signal::QUIT);
    // Two seconds: SIGQUIT ends Postgres at once, unless it waits for the disk.
    for _ in 0..200 {
        if server_of(&data).is_none() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let _ = rustix::process::kill_process(pid, Signal::KILL);
}

/// The first line of `postmaster.pid` is the process, the second its data directory. The number of a process without
/// clients, as `initdb` runs it, is negative there.
///
/// The number may have been given to another process since: only one that works in
/// this data directory is the server (Postgres makes it its working directory).
pub(super) fn server_of(data: &Path) -> Option<Pid> {
    let file = std::fs::read_to_string(data.join("postmaster.pid")).ok()?;
    let mut lines = file.lines();
    let number: i32 = lines.next()?.trim().parse().ok()?;
    let number = number.checked_abs()?;
    let named = PathBuf::from(lines.next()?);
    let pid = Pid::from_raw(number)?;
    let alive = rustix::process::test_kill_process(pid).is_ok();
    // The number alone may have been given to another process, which must not be killed.
    (alive && named == data && works_in(number, data)).then_some(pid)
}

#[cfg(target_os = "linux")]
fn works_in(pid: i32, data: &Path) -> bool {
    std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == data)
}

/// Without `/proc`, the process id and the folder in `postmaster.pid` have to suffice.
#[cfg(not(target_os = "linux"))]
fn works_in(_pid: i32, _data: &Path) -> bool {
    true
}

#[cfg(all(test, target_os = "linux"))]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{Pid, server_of};
    use std::process::Command;

    #[test]
    fn a_process_of_initdb_is_found_by_its_negative_number() {
        let data = tempfile::tempdir().unwrap();
        let data = data.path().canonicalize().unwrap();
        let mut process = Command::new("sleep");
        let mut process = process.arg("60").current_dir(&data).spawn().unwrap();
        let number = i32::try_from(process.id()).unwrap();
        let file = format!("-{number}\n{}\n", data.display());
        std::fs::write(data.join("postmaster.pid"), file).unwrap();
        let found = server_of(&data);
        process.kill().unwrap();
        process.wait().unwrap();
        assert_eq!(found, Pid::from_raw(number));
        assert_eq!(server_of(&data), None);
    }
}
