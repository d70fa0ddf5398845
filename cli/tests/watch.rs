//! `xact codegen --watch`: its output while files are saved.

use crate::command_line::{project, query, xact};
use crate::processes::{is_alive, open_temp_folder};
use crate::server;
use rustix::process::{Pid, Signal, kill_process};
use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A run that watches, on a private server in a temp folder of its own.
struct Watching {
    child: Child,
    project: TempDir,
    temp: TempDir,
}

impl Watching {
    /// Returns when the first run is done.
    fn start(project: TempDir) -> Self {
        let temp = open_temp_folder();
        let log = File::create(project.path().join("log")).unwrap();
        let mut command = xact(project.path(), &["codegen", "--watch"]);
        command.env("TMPDIR", temp.path());
        let child = command.stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let watching = Self {
            child,
            project,
            temp,
        };
        watching.wait_for("the first run", |watching| watching.runs() == 1);
        watching
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.project.path().join("log")).unwrap()
    }

    fn runs(&self) -> usize {
        self.log().matches("watching for changes").count()
    }

    fn postmaster(&self) -> Option<i32> {
        let mut entries = std::fs::read_dir(self.temp.path()).unwrap();
        let path = entries.next()?.unwrap().path();
        let file = std::fs::read_to_string(path.join("data/postmaster.pid")).ok()?;
        file.lines().next()?.parse().ok()
    }

    fn save(&self, path: &str, text: &str) {
        std::fs::write(self.project.path().join(path), text).unwrap();
    }

    fn generated(&self, path: &str) -> String {
        let path: PathBuf = self.project.path().join("src/orm").join(path);
        std::fs::read_to_string(path).unwrap_or_default()
    }

    fn wait_for(&self, what: &str, done: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_mins(1);
        while !done(self) {
            assert!(
                Instant::now() < deadline,
                "waited for {what}:\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_saved_query_is_generated_on_the_server_that_is_there() {
    let watching = Watching::start(project());
    let server = watching.postmaster().unwrap();
    watching.save(
        "queries/notes.sql",
        &query("notes_ids", "SELECT id FROM notes"),
    );
    watching.wait_for("the edited query", |w| {
        w.generated("notes.rs").contains("notes_ids")
    });
    watching.save("queries/more.sql", &query("more", "SELECT body FROM notes"));
    watching.wait_for("the new query", |w| {
        w.generated("more.rs").contains("fn more")
    });
    std::fs::remove_file(watching.project.path().join("queries/more.sql")).unwrap();
    watching.wait_for("its end", |w| w.generated("more.rs").is_empty());
    assert_eq!(watching.postmaster(), Some(server), "it was kept");
}

#[test]
fn a_file_that_is_written_all_the_time_does_not_hold_up_a_save() {
    let watching = Watching::start(project());
    let log = watching.project.path().join("application.log");
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                std::fs::write(&log, "a line\n").unwrap();
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        while !log.exists() {
            std::thread::yield_now();
        }
        watching.save(
            "queries/notes.sql",
            &query("notes_ids", "SELECT id FROM notes"),
        );
        let is_there = |w: &Watching| w.generated("notes.rs").contains("notes_ids");
        let deadline = Instant::now() + Duration::from_secs(10);
        while !is_there(&watching) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
        stop.store(true, Ordering::Relaxed);
        assert!(is_there(&watching), "{}", watching.log());
    });
}

/// Reading the project is reported by the system too, and must not be taken for a change.
#[cfg(target_os = "linux")]
#[test]
fn while_nothing_changes_nothing_is_read() {
    let watching = Watching::start(project());
    let io = format!("/proc/{}/io", watching.child.id());
    let bytes_read = || {
        let io = std::fs::read_to_string(&io).unwrap();
        io.lines().next().unwrap().to_owned()
    };
    watching.wait_for("rest", |_| {
        let before = bytes_read();
        std::thread::sleep(Duration::from_millis(500));
        before.starts_with("rchar") && bytes_read() == before
    });
}

#[test]
fn an_error_is_shown_and_the_next_save_mends_it() {
    let watching = Watching::start(project());
    let before = watching.generated("notes.rs");
    watching.save("queries/notes.sql", &query("wrong", "SELEC id FROM notes"));
    watching.wait_for("the error", |w| {
        w.log().contains("queries/notes.sql:2:1: error[syntax]") && w.runs() == 2
    });
    assert_eq!(
        watching.generated("notes.rs"),
        before,
        "nothing was written"
    );
    watching.save("queries/notes.sql", &query("right", "SELECT id FROM notes"));
    watching.wait_for("the mended query", |w| {
        w.generated("notes.rs").contains("fn right")
    });
}

#[test]
fn a_new_and_an_edited_migration_build_the_database_anew() {
    let watching = Watching::start(project());
    let role = format!("watched_{}", std::process::id());
    watching.save(
        "migrations/2_tags.up.sql",
        &format!("CREATE TABLE tags (id int); CREATE ROLE {role};\n"),
    );
    watching.save(
        "queries/tags.sql",
        &query("tags_list", "SELECT id FROM tags"),
    );
    watching.wait_for("the new table", |w| w.generated("tags.rs").contains("i32"));
    watching.save(
        "migrations/2_tags.up.sql",
        &format!("CREATE TABLE tags (id text); CREATE ROLE {role};\n"),
    );
    watching.wait_for("its new type", |w| {
        w.generated("tags.rs").contains("String")
    });
    watching.save("migrations/2_tags.up.sql", "CREATE TABL tags (id text);\n");
    watching.wait_for("the error", |w| {
        w.log().contains("migrations/2_tags.up.sql:1:8: error")
    });
    watching.save("migrations/2_tags.up.sql", "CREATE TABLE tags (id int8);\n");
    watching.wait_for("the mended type", |w| {
        w.generated("tags.rs").contains("i64")
    });
}

#[test]
fn folders_that_come_and_go_are_watched() {
    let watching = Watching::start(project());
    let queries = watching.project.path().join("queries");
    std::fs::remove_dir_all(&queries).unwrap();
    watching.wait_for("their end", |w| w.generated("notes.rs").is_empty());
    std::fs::create_dir(&queries).unwrap();
    watching.save("queries/back.sql", &query("back", "SELECT id FROM notes"));
    watching.wait_for("their return", |w| {
        w.generated("back.rs").contains("fn back")
    });
    watching.save("queries/back.sql", &query("again", "SELECT id FROM notes"));
    watching.wait_for("an edit there", |w| {
        w.generated("back.rs").contains("fn again")
    });
    watching.save("xact.toml", "[scopes.reader]\n");
    watching.wait_for("a scope", |w| {
        w.generated("scopes.rs").contains("xact_reader")
    });
}

#[test]
fn a_server_that_is_gone_is_replaced() {
    let watching = Watching::start(project());
    let server = Pid::from_raw(watching.postmaster().unwrap()).unwrap();
    kill_process(server, Signal::QUIT).unwrap();
    watching.wait_for("its end", |w| w.postmaster().is_none());
    watching.save("queries/notes.sql", &query("after", "SELECT id FROM notes"));
    watching.wait_for("the query", |w| {
        w.generated("notes.rs").contains("fn after")
    });
}

#[test]
fn an_interrupt_ends_it_with_its_server() {
    let mut watching = Watching::start(project());
    let server = watching.postmaster().unwrap();
    let child = Pid::from_raw(i32::try_from(watching.child.id()).unwrap()).unwrap();
    kill_process(child, Signal::INT).unwrap();
    assert_eq!(watching.child.wait().unwrap().code(), Some(130));
    assert!(!is_alive(server), "it runs");
    assert_eq!(std::fs::read_dir(watching.temp.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn many_runs_give_what_one_gives() {
    let project = project();
    let mut warm =
        xact_codegen::workspace::Workspace::open(project.path(), Some(server::url().await));
    let queries = project.path().join("queries/notes.sql");
    for sql in [
        "SELECT id, body FROM notes",
        "SELEC id FROM notes",
        "SELECT n.id, m.body FROM notes n LEFT JOIN notes m ON m.id = n.id WHERE n.body = :body",
        "INSERT INTO notes (id, body) VALUES (:id, :body) RETURNING *",
        "SELECT id, body FROM notes",
    ] {
        std::fs::write(&queries, query("notes_list", sql)).unwrap();
        let once = server::generate(project.path()).await;
        match (warm.generate().await, once) {
            (Ok(warm), Ok(once)) => assert_eq!(warm.files, once.files, "{sql}"),
            (Err(_), Err(_)) => {}
            (warm, once) => panic!("{sql}: {warm:?} {once:?}"),
        }
    }
}
