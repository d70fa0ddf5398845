//! The Postgres inside the program: the same answers, over one connection.

use crate::command_line::{project, xact};
use crate::real_application::{generate, real_application};
use rustix::process::{Pid, Signal, kill_process};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The folder of the reference project, which was generated on another Postgres.
const REFERENCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn embedded(project: &Path, arguments: &[&str]) -> Command {
    let mut command = xact(project, &["--server", "embedded"]);
    command.args(arguments);
    command
}

fn run(project: &Path, arguments: &[&str]) -> (i32, String) {
    let output = embedded(project, arguments).output().unwrap();
    let report = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), report)
}

fn migrated(sql: &str) -> TempDir {
    let project = project();
    std::fs::write(project.path().join("migrations/2_more.up.sql"), sql).unwrap();
    project
}

#[test]
fn the_reference_project_is_the_same_byte_for_byte() {
    let (code, report) = run(Path::new(REFERENCE), &["codegen", "--check"]);
    assert_eq!(code, 0, "{report}");
    let begin = "using the embedded Postgres 17, as asked\n";
    assert!(report.starts_with(begin), "{report}");
    assert!(report.contains("up to date)"), "{report}");
}

#[tokio::test]
async fn a_real_application_is_the_same_byte_for_byte() {
    let Some(project) = real_application() else {
        return;
    };
    generate(project.path()).await;
    let (code, report) = run(project.path(), &["codegen", "--check"]);
    assert_eq!(code, 0, "{report}");
}

#[test]
fn what_is_wrong_is_a_diagnostic_as_anywhere() {
    let project =
        migrated("CREATE TABLE more (id bigint PRIMARY KEY, note int REFERENCES nots);\n");
    let (code, report) = run(project.path(), &["codegen"]);
    assert_eq!(code, 1, "{report}");
    assert!(report.contains("migrations/2_more.up.sql:1:"), "{report}");
    assert!(
        report.contains("error[unknown-table]: relation \"nots\" does not exist"),
        "{report}"
    );
}

#[test]
fn extensions_that_it_has_are_created_where_the_migrations_say() {
    let project = migrated(
        "CREATE SCHEMA tools;\n\
         CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA tools;\n\
         CREATE TABLE people (name tools.citext PRIMARY KEY);\n",
    );
    let (code, report) = run(project.path(), &["codegen"]);
    assert_eq!(code, 0, "{report}");
    let schema = std::fs::read_to_string(project.path().join("schema.sql")).unwrap();
    assert!(schema.contains("citext WITH SCHEMA tools"), "{schema}");
}

#[test]
fn extensions_that_it_lacks_are_named() {
    let project = migrated("CREATE EXTENSION postgis;\n");
    let (code, report) = run(project.path(), &["codegen"]);
    assert_eq!(code, 1, "{report}");
    assert!(
        report.contains("extension \"postgis\" is not available"),
        "{report}"
    );
}

#[test]
fn an_error_that_a_migration_catches_is_said_to_be_one_that_may_be_right_elsewhere() {
    let project = migrated(
        "DO $$ BEGIN\n\
         BEGIN CREATE TABLE notes (id int);\n\
         EXCEPTION WHEN duplicate_table THEN NULL; END;\n\
         END $$;\n",
    );
    let (code, report) = run(project.path(), &["codegen"]);
    assert_eq!(code, 1, "{report}");
    assert!(report.contains("error[duplicate-table]"), "{report}");
    assert!(
        report.contains("does not catch errors inside functions"),
        "{report}"
    );
}

#[test]
fn every_migration_is_verified_on_it() {
    let (code, report) = run(Path::new(REFERENCE), &["migrate", "verify"]);
    assert_eq!(code, 0, "{report}");
    assert!(
        report.contains("8 migrations were tried up, down and up again"),
        "{report}"
    );
}

#[test]
fn what_needs_several_connections_is_refused_in_a_sentence() {
    let project = project();
    let (code, report) = run(project.path(), &["dev", "up"]);
    assert_eq!(code, 2, "{report}");
    assert!(
        report.contains("serves one connection at a time"),
        "{report}"
    );
}

#[tokio::test]
async fn a_throwaway_server_for_tests_is_not_embedded() {
    let refused = xact_server::Server::start(Some("embedded")).await;
    let message = refused.err().unwrap().to_string();
    assert!(
        message.contains("serves one connection at a time, and this needs several"),
        "{message}"
    );
    assert!(message.contains("help: "), "{message}");
}

#[test]
fn an_interrupted_run_leaves_no_folder() {
    let project = migrated("SELECT pg_sleep(600);\n");
    let temp = tempfile::tempdir_in("/tmp").unwrap();
    let mut command = embedded(project.path(), &["codegen"]);
    command.env("TMPDIR", temp.path()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let folders = || std::fs::read_dir(temp.path()).unwrap().count();
    let deadline = Instant::now() + Duration::from_mins(1);
    while folders() == 0 {
        assert!(Instant::now() < deadline, "waited for the server");
        std::thread::sleep(Duration::from_millis(10));
    }
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(folders(), 0);
}
