//! Several processes with the same project open: one server, which ends with the last of them.

use crate::command_line::{project, query, xact};
use crate::processes::{is_alive, open_temp_folder, wait_for};
use rustix::process::{Pid, Signal, kill_process};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Generous: all tests start servers at once.
pub(crate) const LIMIT: Duration = Duration::from_mins(1);

/// A project, and the folder of the servers of all its processes.
pub(crate) struct Together {
    pub(crate) project: TempDir,
    pub(crate) temp: TempDir,
}

/// A process that watches the project.
pub(crate) struct Watch {
    child: Child,
    log: PathBuf,
}

impl Together {
    pub(crate) fn new() -> Self {
        Self {
            project: project(),
            temp: open_temp_folder(),
        }
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        std::fs::write(self.project.path().join(path), text).unwrap();
    }

    pub(crate) fn generated(&self, path: &str) -> String {
        let path = self.project.path().join("src/orm").join(path);
        std::fs::read_to_string(path).unwrap_or_default()
    }

    /// Returns when the first run of the watch is done.
    pub(crate) fn watch(&self) -> Watch {
        self.watch_with(xact(self.project.path(), &["codegen", "--watch"]))
    }

    fn watch_with(&self, mut command: Command) -> Watch {
        let log = tempfile::Builder::new().tempfile_in(self.project.path());
        let log = log.unwrap().into_temp_path().keep().unwrap();
        command.env("TMPDIR", self.temp.path());
        let error = File::create(&log).unwrap();
        let child = command.stdout(Stdio::null()).stderr(error).spawn().unwrap();
        let watch = Watch { child, log };
        watch.wait_for_run(1);
        watch
    }

    /// The databases of all servers, by the folder of each.
    pub(crate) fn databases(&self) -> Vec<PathBuf> {
        let folders = walkdir::WalkDir::new(self.temp.path())
            .min_depth(4)
            .max_depth(4);
        let entries = folders.sort_by_file_name().into_iter().flatten();
        let is_database = |path: &PathBuf| path.parent().unwrap().ends_with("data/base");
        let paths = entries.map(walkdir::DirEntry::into_path);
        paths.filter(is_database).collect()
    }

    /// The servers that run, by process.
    fn servers(&self) -> Vec<i32> {
        let entries = std::fs::read_dir(self.temp.path()).unwrap();
        let server = |folder: &Path| {
            let file = std::fs::read_to_string(folder.join("data/postmaster.pid")).ok()?;
            file.lines().next()?.parse().ok()
        };
        let folders = entries.map(|entry| entry.unwrap().path());
        let servers: Vec<i32> = folders.filter_map(|folder| server(&folder)).collect();
        servers.into_iter().filter(|pid| is_alive(*pid)).collect()
    }

    pub(crate) fn is_left(&self) -> bool {
        std::fs::read_dir(self.temp.path())
            .unwrap()
            .next()
            .is_some()
    }
}

impl Watch {
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    pub(crate) fn wait_for_run(&self, number: usize) {
        wait_for(LIMIT, &format!("run {number}"), || {
            self.log().matches("watching for changes").count() >= number
        });
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    fn end_by(mut self, signal: Signal) {
        self.signal(signal);
        self.child.wait().unwrap();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn two_processes_with_a_project_open_use_one_server() {
    let together = Together::new();
    let (first, second) = (together.watch(), together.watch());
    let servers = together.servers();
    assert_eq!(servers.len(), 1, "{servers:?}");
    for (number, name) in ["one", "two"].into_iter().enumerate() {
        together.write("queries/notes.sql", &query(name, "SELECT id FROM notes"));
        first.wait_for_run(number + 2);
        second.wait_for_run(number + 2);
        assert!(
            together
                .generated("notes.rs")
                .contains(&format!("fn {name}"))
        );
    }
    assert_eq!(together.servers(), servers, "it was kept");
}

#[test]
fn two_processes_that_open_a_project_at_once_use_one_server() {
    let together = Together::new();
    std::thread::scope(|scope| {
        let watches = [0, 1, 2].map(|_| scope.spawn(|| together.watch()));
        let watches = watches.map(|watch| watch.join().unwrap());
        assert_eq!(together.servers().len(), 1);
        drop(watches);
    });
    wait_for(LIMIT, "the server to end", || !together.is_left());
}

#[test]
fn the_first_process_ends_and_the_second_goes_on() {
    let together = Together::new();
    let (first, second) = (together.watch(), together.watch());
    let servers = together.servers();
    first.end_by(Signal::INT);
    together.write("queries/notes.sql", &query("after", "SELECT id FROM notes"));
    second.wait_for_run(2);
    assert!(together.generated("notes.rs").contains("fn after"));
    assert_eq!(together.servers(), servers, "it was kept");
    let third = together.watch();
    assert_eq!(together.servers(), servers, "it is joined again");
    third.end_by(Signal::INT);
    second.end_by(Signal::INT);
    assert!(!together.is_left(), "the last one waited for the end");
}

#[test]
fn when_all_processes_are_killed_no_server_is_left() {
    let together = Together::new();
    let (first, second) = (together.watch(), together.watch());
    let server = together.servers()[0];
    first.end_by(Signal::KILL);
    std::thread::sleep(Duration::from_millis(300));
    assert!(is_alive(server), "the second uses it");
    second.end_by(Signal::KILL);
    wait_for(LIMIT, "the server to end", || !is_alive(server));
    wait_for(LIMIT, "the folder to be removed", || !together.is_left());
}

#[test]
fn a_server_without_processes_and_supervisor_is_removed_by_the_next_run() {
    let together = Together::new();
    let (first, second) = (together.watch(), together.watch());
    let server = together.servers()[0];
    let stat = std::fs::read_to_string(format!("/proc/{server}/stat")).unwrap();
    let parent = stat.rsplit(')').next().unwrap().split_whitespace().nth(1);
    let supervisor = parent.unwrap().parse().unwrap();
    let children = format!("/proc/{supervisor}/task/{supervisor}/children");
    let children = std::fs::read_to_string(children).unwrap();
    let children = children.split_whitespace().map(|pid| pid.parse().unwrap());
    for pid in children.filter(|pid| *pid != server).chain([supervisor]) {
        kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    }
    first.end_by(Signal::KILL);
    second.end_by(Signal::KILL);
    assert!(is_alive(server), "there has to be something to remove");
    // Its entry is stale now, and is ignored.
    let next = together.watch();
    assert_eq!(together.servers().len(), 1);
    wait_for(LIMIT, "the server to end", || !is_alive(server));
    assert!(!together.servers().contains(&server));
    next.end_by(Signal::INT);
    assert!(!together.is_left());
}

#[test]
fn a_single_run_joins_and_applies_no_migration() {
    let together = Together::new();
    // Postgres reports an error if it is applied twice.
    let applied = together.temp.path().join("applied");
    let once = format!(
        "COPY (SELECT 1) TO PROGRAM 'mkdir {}';\n",
        applied.display()
    );
    together.write("migrations/2_once.up.sql", &once);
    let role = "CREATE ROLE joined_reader; GRANT SELECT ON notes TO joined_reader;\n";
    together.write("migrations/3_role.up.sql", role);
    let watch = together.watch();
    let schema = || std::fs::read_to_string(together.project.path().join("schema.sql")).unwrap();
    let of_watch = schema();
    assert!(of_watch.contains("joined_reader"), "{of_watch}");
    let servers = together.servers();
    let run = |arguments: &[&str]| {
        let mut command = xact(together.project.path(), arguments);
        command.env("TMPDIR", together.temp.path());
        command.output().unwrap()
    };
    for arguments in [&["codegen", "--force"][..], &["describe"], &["schema"]] {
        let output = run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?} {errors}");
    }
    assert_eq!(schema(), of_watch);
    assert_eq!(together.servers(), servers);
    watch.end_by(Signal::INT);
    let alone = run(&["codegen", "--force"]);
    assert_eq!(
        alone.status.code(),
        Some(1),
        "it migrates where no process has the project open"
    );
    std::fs::remove_dir(applied).unwrap();
    assert!(!together.is_left());
}

#[test]
fn another_build_of_the_tool_does_not_join() {
    let together = Together::new();
    let _first = together.watch();
    let other = together.project.path().join("other-xact");
    std::fs::copy(env!("CARGO_BIN_EXE_xact"), &other).unwrap();
    let mut command = Command::new(&other);
    command.arg("--project").arg(together.project.path());
    command
        .args(["codegen", "--watch"])
        .env_remove("XACT_SERVER_URL");
    let _second = together.watch_with(command);
    assert_eq!(together.servers().len(), 2);
}

#[test]
fn another_project_with_the_same_files_does_not_join() {
    let together = Together::new();
    let _first = together.watch();
    let other = project();
    let _second = together.watch_with(xact(other.path(), &["codegen", "--watch"]));
    assert_eq!(together.servers().len(), 2);
}

#[test]
fn an_edited_migration_is_seen_by_all_processes() {
    let together = Together::new();
    let (first, second) = (together.watch(), together.watch());
    let before = together.servers();
    together.write("migrations/2_tags.up.sql", "CREATE TABLE tags (id int);\n");
    first.wait_for_run(2);
    second.wait_for_run(2);
    wait_for(LIMIT, "the end of the old server", || {
        let servers = together.servers();
        servers.len() == 1 && servers != before
    });
    first.end_by(Signal::INT);
    together.write(
        "queries/tags.sql",
        &query("tags_list", "SELECT id FROM tags"),
    );
    second.wait_for_run(3);
    assert!(together.generated("tags.rs").contains("i32"));
}

/// A copy of a database has not the settings of the database itself.
#[test]
fn a_database_with_settings_of_its_own_is_not_copied() {
    let together = Together::new();
    let setting = "ALTER DATABASE postgres SET search_path = elsewhere;\n";
    together.write("migrations/2_setting.up.sql", setting);
    let _first = together.watch();
    let schema = || std::fs::read_to_string(together.project.path().join("schema.sql")).unwrap();
    let of_first = schema();
    std::fs::remove_file(together.project.path().join("schema.sql")).unwrap();
    let _second = together.watch();
    assert_eq!(together.servers().len(), 2);
    assert_eq!(schema(), of_first);
}

#[test]
fn an_entry_that_leads_nowhere_is_ignored() {
    let together = Together::new();
    // A cache of its own, whose entries are all of this project.
    let cache = tempfile::tempdir().unwrap();
    let watch = || {
        let mut command = xact(together.project.path(), &["codegen", "--watch"]);
        command.env("XDG_CACHE_HOME", cache.path());
        together.watch_with(command)
    };
    watch().end_by(Signal::INT);
    let entries = std::fs::read_dir(cache.path().join("xact/open")).unwrap();
    let [entry] = entries
        .map(|entry| entry.unwrap().path())
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    let foreign = tempfile::tempdir().unwrap();
    let foreign = foreign.path().display();
    for text in [
        "",
        "no folder",
        "/no/such/folder\n",
        &format!("{foreign}\n"),
    ] {
        std::fs::write(&entry, text).unwrap();
        let first = watch();
        let second = watch();
        assert_eq!(together.servers().len(), 1, "{text:?}");
        second.end_by(Signal::INT);
        first.end_by(Signal::INT);
    }
}

#[test]
fn a_single_run_does_without_a_process_that_was_killed() {
    let together = Together::new();
    let cache = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = xact(together.project.path(), arguments);
        command.env("XDG_CACHE_HOME", cache.path());
        command
    };
    let sockets = || {
        let sockets = std::fs::read_dir(cache.path().join("xact/open-projects")).unwrap();
        sockets.count()
    };
    let watch = together.watch_with(run(&["codegen", "--watch"]));
    assert_eq!(sockets(), 1);
    watch.end_by(Signal::KILL);
    together.write("queries/notes.sql", &query("after", "SELECT id FROM notes"));
    let mut command = run(&["codegen"]);
    command.env("TMPDIR", together.temp.path());
    assert!(command.status().unwrap().success());
    assert!(together.generated("notes.rs").contains("fn after"));
    let watch = together.watch_with(run(&["codegen", "--watch"]));
    assert_eq!(sockets(), 1, "that of the killed one is removed");
    watch.end_by(Signal::INT);
    assert_eq!(sockets(), 0);
}
