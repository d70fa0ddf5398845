//! What the tests of processes share: the folder of their servers, and their end.

use rustix::process::{Pid, test_kill_process};
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A temp folder for the servers of processes.
pub(crate) fn open_temp_folder() -> TempDir {
    let temp = tempfile::Builder::new()
        .prefix("xact-test-")
        .tempdir_in("/tmp")
        .unwrap();
    // The server runs as another user if this is root: like `/tmp`, the folder is for all.
    let open = std::fs::Permissions::from_mode(0o1777);
    std::fs::set_permissions(temp.path(), open).unwrap();
    temp
}

/// Whether a process runs. One that ended may stay as a zombie until its parent asks, and the first
/// process of a container never does.
pub(crate) fn is_alive(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let is_zombie = stat.rsplit(')').next().unwrap_or("").starts_with(" Z");
    // A Postgres without a postmaster, as in `initdb`, writes its number as a negative one.
    let process = Pid::from_raw(pid.max(0));
    !is_zombie && process.is_some_and(|process| test_kill_process(process).is_ok())
}

pub(crate) fn wait_for(limit: Duration, what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + limit;
    while !done() {
        assert!(Instant::now() < deadline, "waited for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
