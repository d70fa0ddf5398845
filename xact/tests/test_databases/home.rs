//! The server that test processes share stays for as long as one uses it, and not for ever.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tempfile::TempDir;

use super::child::{DOES, Process, command, run};
use super::{migrations, wait_for};

/// A folder for temporary files of its own, so that the server in it is too.
struct Home {
    temp: TempDir,
    migrations: TempDir,
}

impl Home {
    fn new() -> Self {
        let temp = tempfile::Builder::new()
            .prefix("xact-test-")
            .tempdir_in("/tmp")
            .unwrap();
        // The server runs as another user if this is root: like `/tmp`, the folder is for all.
        std::fs::set_permissions(temp.path(), PermissionsExt::from_mode(0o1777)).unwrap();
        Self {
            temp,
            migrations: migrations(),
        }
    }

    fn command(&self, linger: &str) -> Command {
        let mut command = command("isolated", self.migrations.path());
        command
            .env("TMPDIR", self.temp.path())
            .env("XACT_TEST_SERVER_LINGER", linger);
        command
    }

    /// The folders of servers in it.
    fn servers(&self) -> Vec<PathBuf> {
        let Ok(homes) = std::fs::read_dir(self.temp.path()) else {
            return Vec::new();
        };
        let homes = homes
            .flatten()
            .filter_map(|home| std::fs::read_dir(home.path()).ok());
        let entries = homes.flat_map(|home| home.flatten().map(|entry| entry.path()));
        entries.filter(|path| path.is_dir()).collect()
    }

    fn server(&self) -> PathBuf {
        let servers = self.servers();
        assert_eq!(servers.len(), 1, "{servers:?}");
        servers[0].clone()
    }

    fn postmaster(&self) -> Pid {
        let file = std::fs::read_to_string(self.server().join("data/postmaster.pid")).unwrap();
        Pid::from_raw(file.lines().next().unwrap().parse().unwrap()).unwrap()
    }
}

/// Ends a server that would wait for an hour.
impl Drop for Home {
    fn drop(&mut self) {
        for server in self.servers() {
            if let Ok(file) = std::fs::read_to_string(server.join("data/postmaster.pid")) {
                let pid = file.lines().next().and_then(|line| line.parse().ok());
                if let Some(pid) = pid.and_then(Pid::from_raw) {
                    let _ = kill_process(pid, Signal::QUIT);
                }
            }
        }
        wait_for("the server to go", || {
            self.servers().is_empty() || std::thread::panicking()
        });
    }
}

fn is_alive(pid: Pid) -> bool {
    test_kill_process(pid).is_ok()
}

#[test]
fn an_unused_server_ends_by_itself_and_leaves_no_folder() {
    let home = Home::new();
    let mut process = Process::start(&mut home.command("1"));
    process.said();
    let postmaster = home.postmaster();
    process.end();
    wait_for("the server to end", || !is_alive(postmaster));
    wait_for("its folder to go", || home.servers().is_empty());
}

#[test]
fn a_server_ends_after_the_last_process_was_killed() {
    let home = Home::new();
    let mut process = Process::start(&mut home.command("1"));
    process.said();
    let postmaster = home.postmaster();
    process.kill();
    wait_for("the server to end", || !is_alive(postmaster));
    wait_for("its folder to go", || home.servers().is_empty());
}

#[test]
fn processes_that_start_together_start_one_server() {
    let home = Home::new();
    let mut processes: Vec<Process> = (0..4)
        .map(|_| Process::start(&mut home.command("60")))
        .collect();
    for process in &mut processes {
        process.said();
    }
    home.server();
    for process in processes {
        process.end();
    }
}

#[test]
fn a_server_that_is_about_to_end_never_fails_a_process() {
    let home = Home::new();
    // Without any waiting the server ends while others are coming, every time.
    for _ in 0..5 {
        let mut processes: Vec<Process> = (0..2)
            .map(|_| Process::start(&mut home.command("0")))
            .collect();
        for process in &mut processes {
            process.said();
        }
        for process in processes {
            process.end();
        }
    }
    wait_for("the last server to go", || home.servers().is_empty());
}

#[test]
fn a_server_stays_for_the_process_that_stays() {
    let home = Home::new();
    let mut staying = Process::start(&mut home.command("0"));
    staying.said();
    let postmaster = home.postmaster();
    for _ in 0..3 {
        run(&mut home.command("0"));
    }
    assert_eq!(home.postmaster(), postmaster);
    staying.end();
}

#[test]
fn what_a_killed_supervisor_leaves_is_replaced_by_the_next_process() {
    let home = Home::new();
    run(&mut home.command("60"));
    let orphan = home.postmaster();
    for pid in supervisors_of(orphan) {
        kill_process(pid, Signal::KILL).unwrap();
    }
    assert!(is_alive(orphan), "there has to be something to replace");
    run(&mut home.command("60"));
    wait_for("the orphan to end", || !is_alive(orphan));
    assert_ne!(home.postmaster(), orphan);
}

/// The shell that started a server, and the processes that it started to wait for its users.
fn supervisors_of(postmaster: Pid) -> Vec<Pid> {
    let mut found = vec![parent_of(postmaster)];
    let mut index = 0;
    while index < found.len() {
        let pid = found[index].as_raw_nonzero();
        let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
        let children = children
            .split_whitespace()
            .filter_map(|pid| Pid::from_raw(pid.parse().ok()?));
        found.extend(children.filter(|pid| *pid != postmaster));
        index += 1;
    }
    found
}

/// The fourth field of `stat`, after a name that may hold anything.
fn parent_of(pid: Pid) -> Pid {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    Pid::from_raw(fields.split_whitespace().nth(1).unwrap().parse().unwrap()).unwrap()
}

#[test]
fn a_folder_that_others_may_enter_is_not_trusted() {
    let home = Home::new();
    run(&mut home.command("0"));
    wait_for("the server to go", || home.servers().is_empty());
    for entry in std::fs::read_dir(home.temp.path()).unwrap().flatten() {
        std::fs::set_permissions(entry.path(), PermissionsExt::from_mode(0o755)).unwrap();
    }
    let mut refused = home.command("0");
    refused.stderr(Stdio::piped());
    let output = refused.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("others may enter it"), "{said}");
}

#[test]
fn the_database_of_a_test_that_panics_is_kept_and_the_way_to_it_printed() {
    the_database_is_kept_after("panic");
}

#[test]
fn the_database_of_a_test_that_gives_an_error_is_kept_and_the_way_to_it_printed() {
    the_database_is_kept_after("error");
}

fn the_database_is_kept_after(fails: &str) {
    let home = Home::new();
    let mut failing = home.command("0");
    failing
        .env(DOES, fails)
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    let output = failing.output().unwrap();
    assert!(!output.status.success());
    // Other processes start and end, and sweep leftovers.
    for _ in 0..3 {
        run(&mut home.command("0"));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let printed = said
        .lines()
        .find_map(|line| Some(line.split_once("kept for an hour: psql '")?.1));
    let url = printed
        .unwrap_or_else(|| panic!("{said}"))
        .trim_end_matches('\'');
    let mut psql = Command::new("psql");
    let seen = psql
        .args(["-XAtc", "SELECT body FROM notes", url])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&seen.stdout), "kept\n", "{seen:?}");
}
