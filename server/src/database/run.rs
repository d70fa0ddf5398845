//! Identifies the test run that a process belongs to, and the process: never by the process id alone, which another process may
//! have in another namespace at the same time, or on the same machine later.

use uuid::Uuid;

/// A name that no other process has, now or before, on any machine.
pub(super) fn new_owner() -> String {
    format!(
        "{:016x}",
        crate::hash::hash_bytes(Uuid::new_v4().as_bytes())
    )
}

/// `nextest` names each run; otherwise the processes of one run have the same parent, which is cargo.
pub(super) fn identify_run() -> String {
    std::env::var("NEXTEST_RUN_ID").unwrap_or_else(|_| identify_parent())
}

/// The parent by its number, when it was started, and where that number is its own: in a namespace of a machine that was booted
/// once.
fn identify_parent() -> String {
    let parent = std::os::unix::process::parent_id();
    let started = start_of(parent);
    let namespace = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    format!("{parent} {started} {} {boot}", namespace.display())
}

/// Field 22 of `/proc/<pid>/stat`, in ticks since the machine was booted: `proc_pid_stat(5)`. The second field is the name of a
/// program in parentheses, which may hold anything.
#[cfg(target_os = "linux")]
fn start_of(process: u32) -> String {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let behind_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let started = behind_name.split_whitespace().nth(19);
    started.unwrap_or_default().to_owned()
}

/// Elsewhere `ps` knows.
#[cfg(not(target_os = "linux"))]
fn start_of(process: u32) -> String {
    let mut ps = std::process::Command::new("ps");
    ps.args(["-o", "lstart=", "-p", &process.to_string()]);
    let started = ps.output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&started).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{identify_parent, new_owner, start_of};

    #[test]
    fn no_owner_is_another() {
        assert_ne!(new_owner(), new_owner());
    }

    #[test]
    fn a_run_is_known_by_more_than_the_number_of_its_parent() {
        let parent = std::os::unix::process::parent_id();
        assert_eq!(identify_parent(), identify_parent());
        assert!(!start_of(parent).is_empty());
        assert_ne!(start_of(parent), start_of(std::process::id()));
    }
}
