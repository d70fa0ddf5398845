//! The throwaway server never outlives the command, on any path.

use crate::command_line::{project, query};
use crate::processes::{is_alive, open_temp_folder, wait_for};
use crate::server;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use sqlx::{Connection as _, PgConnection};
use std::io::Read as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a start or an end may take.
const LIMIT: Duration = Duration::from_secs(20);

/// A run that holds its server for a minute, in a temp folder of its own.
struct Run {
    child: Child,
    temp: tempfile::TempDir,
    _project: tempfile::TempDir,
}

impl Run {
    /// Returns when the migration is at work.
    fn start() -> Self {
        let project = project();
        let slow = "SELECT pg_sleep(60);\n";
        std::fs::write(project.path().join("migrations/2_slow.up.sql"), slow).unwrap();
        let temp = open_temp_folder();
        let mut command = command(project.path(), temp.path());
        let child = command.stderr(Stdio::piped()).spawn().unwrap();
        let run = Self {
            child,
            temp,
            _project: project,
        };
        wait_for(LIMIT, "the server", || run.postmaster().is_some());
        // The migration begins right after; the rest of the second makes it likely.
        std::thread::sleep(Duration::from_millis(500));
        run
    }

    fn postmaster(&self) -> Option<i32> {
        let file = std::fs::read_to_string(self.folder()?.join("data/postmaster.pid")).ok()?;
        file.lines().next()?.parse().ok()
    }

    fn folder(&self) -> Option<PathBuf> {
        let entries = std::fs::read_dir(self.temp.path()).ok()?;
        entries.map(|entry| entry.unwrap().path()).next()
    }

    fn signal(&self, signal: Signal) {
        kill_process(pid_of(&self.child), signal).unwrap();
    }

    /// Everything that it printed.
    fn read_report(&mut self) -> String {
        let mut report = String::new();
        let mut pipe = self.child.stderr.take().unwrap();
        pipe.read_to_string(&mut report).unwrap();
        report
    }
}

fn pid_of(child: &Child) -> Pid {
    Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap()
}

/// Whether a process runs that has this folder in its arguments.
fn has_process(folder: &Path) -> bool {
    let folder = folder.to_str().unwrap().as_bytes();
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let mut lines = entries.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
    lines.any(|line| line.windows(folder.len()).any(|part| part == folder))
}

fn command(project: &Path, temp: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xact"));
    command.arg("--project").arg(project).arg("codegen");
    command.env_remove("XACT_SERVER_URL").env("TMPDIR", temp);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    // As a shell starts it, so that Ctrl-C is a signal to it and everything that it started.
    command.process_group(0);
    command
}

#[test]
fn an_interrupted_run_leaves_no_process_and_no_folder() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let mut run = Run::start();
        let server = run.postmaster().unwrap();
        kill_process_group(pid_of(&run.child), signal).unwrap();
        assert_eq!(run.child.wait().unwrap().code(), Some(code));
        assert!(!is_alive(server), "after {signal:?}");
        assert_eq!(run.folder(), None, "after {signal:?}");
        let line = "interrupted while applying 2 migrations: nothing was written, and no throwaway server is left\n";
        assert_eq!(run.read_report(), line);
    }
}

#[test]
fn a_run_that_is_interrupted_at_any_moment_leaves_no_process_and_no_folder() {
    let (project, temp, cache) = (project(), open_temp_folder(), tempfile::tempdir().unwrap());
    let edit = |number: u64| {
        let query = query(
            "notes_list",
            &format!("SELECT id FROM notes WHERE id <> {number}"),
        );
        std::fs::write(project.path().join("queries/notes.sql"), query).unwrap();
    };
    // First without anything in the cache, then with a cluster, then with the migrated database.
    for (run, milliseconds) in (0..).zip([0, 10, 30, 80, 200, 400, 700, 0, 10, 30, 50, 80, 120]) {
        edit(run);
        let mut command = command(project.path(), temp.path());
        let mut child = command.env("XDG_CACHE_HOME", cache.path()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        let _ = kill_process_group(pid_of(&child), Signal::INT);
        let code = child.wait().unwrap().code();
        // By the signal itself, before there is a handler; or it was done before.
        assert!(
            [None, Some(130), Some(0)].contains(&code),
            "{run}: {code:?}"
        );
        assert!(!has_process(temp.path()), "{run}");
        assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 0, "{run}");
    }
}

#[test]
fn a_killed_run_takes_its_server_with_it() {
    let mut run = Run::start();
    let server = run.postmaster().unwrap();
    run.signal(Signal::KILL);
    run.child.wait().unwrap();
    wait_for(LIMIT, "the server to end", || !is_alive(server));
    wait_for(LIMIT, "the folder to go", || run.folder().is_none());
}

#[test]
fn what_a_killed_run_and_supervisor_leave_is_swept_by_the_next_run() {
    let mut run = Run::start();
    let server = run.postmaster().unwrap();
    let parent = std::fs::read_to_string(format!("/proc/{server}/stat")).unwrap();
    let supervisor: i32 = parent
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    for reader in children_of(supervisor)
        .into_iter()
        .filter(|pid| *pid != server)
    {
        kill_process(Pid::from_raw(reader).unwrap(), Signal::KILL).unwrap();
    }
    kill_process(Pid::from_raw(supervisor).unwrap(), Signal::KILL).unwrap();
    run.signal(Signal::KILL);
    run.child.wait().unwrap();
    assert!(is_alive(server), "there has to be something to sweep");

    let next = project();
    assert!(
        command(next.path(), run.temp.path())
            .status()
            .unwrap()
            .success()
    );
    wait_for(LIMIT, "the server to end", || !is_alive(server));
    assert_eq!(run.folder(), None);
}

/// A run on a given server, whose migrations create a role and then take a minute.
fn run_on(url: &str, project: &Path) -> Child {
    let role = "CREATE ROLE made_here; GRANT SELECT ON notes TO made_here;\n";
    std::fs::write(project.join("migrations/2_role.up.sql"), role).unwrap();
    std::fs::write(
        project.join("migrations/3_slow.up.sql"),
        "SELECT pg_sleep(60);\n",
    )
    .unwrap();
    let temp = project.join("tmp");
    std::fs::create_dir_all(&temp).unwrap();
    command(project, &temp)
        .env("XACT_SERVER_URL", url)
        .spawn()
        .unwrap()
}

/// The databases and roles on a server that runs of the tool made.
async fn left_on(url: &str) -> Vec<String> {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let made = "SELECT datname::text FROM pg_database WHERE datname LIKE 'xact%' \
        UNION ALL SELECT rolname::text FROM pg_roles WHERE rolname = 'made_here'";
    sqlx::query_scalar(made)
        .fetch_all(&mut connection)
        .await
        .unwrap()
}

async fn wait_until_left(url: &str, count: usize) {
    let deadline = Instant::now() + LIMIT;
    while left_on(url).await.len() != count {
        assert!(Instant::now() < deadline, "{:?}", left_on(url).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn an_interrupted_run_on_a_given_server_leaves_no_database_and_no_role() {
    let url = server::url().await;
    let project = project();
    let mut child = run_on(url, project.path());
    wait_until_left(url, 2).await;
    kill_process_group(pid_of(&child), Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(left_on(url).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_database_of_a_killed_run_on_a_given_server_is_swept_by_the_next() {
    let url = server::url().await;
    let project = project();
    let mut child = run_on(url, project.path());
    wait_until_left(url, 2).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let left: Vec<String> = left_on(url).await;
    assert!(left[0].starts_with("xact_throwaway_"), "{left:?}");
    xact_codegen::generate(crate::command_line::project().path(), Some(url))
        .await
        .unwrap();
    let left = left_on(url).await;
    assert!(
        !left.iter().any(|name| name.starts_with("xact_throwaway_")),
        "{left:?}"
    );
}

fn children_of(pid: i32) -> Vec<i32> {
    let tasks = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    tasks
        .split_whitespace()
        .map(|child| child.parse().unwrap())
        .collect()
}

#[test]
fn a_failing_run_leaves_no_folder() {
    let project = project();
    std::fs::write(
        project.path().join("migrations/2_bad.up.sql"),
        "CREATE TABLE x (;",
    )
    .unwrap();
    let temp = open_temp_folder();
    let status = command(project.path(), temp.path()).status().unwrap();
    assert_eq!(status.code(), Some(1));
    assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 0);
}
