//! Results of queries that are kept between processes: a query is asked about once, and the files are those of a run from scratch.

use crate::command_line::xact;
use crate::processes::{open_temp_folder, wait_for};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use xact_server::Server;

const LIMIT: Duration = Duration::from_mins(1);

/// A project whose queries tell when Postgres plans them, and a cache that only its processes use.
struct Recorded {
    project: TempDir,
    cache: TempDir,
    /// A folder that the account of the server may write into.
    told: TempDir,
}

impl Recorded {
    fn new() -> Self {
        let (project, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let told = open_temp_folder();
        // Constant calls of immutable functions run while a statement is planned, and the volatile one may write a file.
        let migration = format!(
            "CREATE TABLE notes (id bigint PRIMARY KEY, body text);
            CREATE DOMAIN short AS text;
            CREATE FUNCTION tell(name text) RETURNS text LANGUAGE plpgsql AS $$
            BEGIN
                EXECUTE format('COPY (SELECT %L) TO PROGRAM %L', name, 'cat >> {}');
                RETURN name;
            END $$;
            CREATE FUNCTION told(name text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$
            BEGIN
                RETURN tell(name);
            END $$;\n",
            told.path().join("asked").display()
        );
        let recorded = Self {
            project,
            cache,
            told,
        };
        recorded.write("migrations/1_notes.up.sql", &migration);
        recorded.write("queries/notes.sql", &queries(&["one", "two"]));
        recorded
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.project.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = xact(self.project.path(), arguments);
        command.env("XDG_CACHE_HOME", self.cache.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        let report = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?} {report}");
        output
    }

    /// The queries that Postgres was asked about since this was called last, sorted.
    fn take_asked(&self) -> Vec<String> {
        let asked = self.told.path().join("asked");
        let text = std::fs::read_to_string(&asked).unwrap_or_default();
        let _ = std::fs::remove_file(asked);
        let mut names: Vec<String> = text.lines().map(str::to_owned).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The generated files, by path.
    fn generated(&self) -> BTreeMap<PathBuf, String> {
        let files = walkdir::WalkDir::new(self.project.path().join("src")).into_iter();
        // A watch may be writing them.
        let files = files.flatten().map(walkdir::DirEntry::into_path);
        files
            .filter_map(|path| Some((path.clone(), std::fs::read_to_string(path).ok()?)))
            .collect()
    }

    fn records(&self) -> Vec<PathBuf> {
        let folder = self.cache.path().join("xact/queries");
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// Removes the record of the last run, so that the next one generates again.
    fn forget_run(&self) {
        std::fs::remove_dir_all(self.project.path().join("src")).unwrap();
    }
}

fn queries(names: &[&str]) -> String {
    let texts = names.iter().map(|name| {
        format!("-- name: notes_{name} :many\nSELECT id, body, told('{name}') FROM notes;\n\n")
    });
    texts.collect()
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none())
}

#[test]
fn a_second_process_asks_about_no_query() {
    let recorded = Recorded::new();
    recorded.run(&["codegen"]);
    assert_eq!(recorded.take_asked(), ["one", "two"]);
    let generated = recorded.generated();
    recorded.forget_run();
    recorded.run(&["codegen"]);
    recorded.run(&["describe"]);
    recorded.run(&["explain", "notes_one"]);
    let mut watch = recorded.command(&["codegen", "--watch"]);
    recorded.forget_run();
    let mut watch = watch.stderr(Stdio::null()).spawn().unwrap();
    wait_for(LIMIT, "the files", || recorded.generated() == generated);
    watch.kill().unwrap();
    watch.wait().unwrap();
    assert!(recorded.take_asked().is_empty());
    assert_eq!(recorded.records().len(), 1);
}

#[test]
fn a_run_after_an_edit_asks_about_that_query_and_gives_the_files_of_one_from_scratch() {
    let recorded = Recorded::new();
    recorded.run(&["codegen"]);
    recorded.take_asked();
    // Lines above move the others.
    recorded.write(
        "queries/notes.sql",
        &format!("-- Moved.\n\n{}", queries(&["three", "two", "one"])),
    );
    recorded.run(&["codegen"]);
    assert_eq!(recorded.take_asked(), ["three"]);
    let generated = recorded.generated();
    recorded.forget_run();
    let mut command = recorded.command(&["codegen"]);
    let other = tempfile::tempdir().unwrap();
    let output = command.env("XDG_CACHE_HOME", other.path()).output();
    assert!(output.unwrap().status.success());
    assert_eq!(recorded.take_asked(), ["one", "three", "two"]);
    assert_eq!(recorded.generated(), generated);
}

#[test]
fn a_query_with_an_error_is_reported_by_each_process_in_the_same_words() {
    let recorded = Recorded::new();
    let wrong = "-- name: notes_wrong :many\nSELECT titel, told('wrong') FROM notes;\n";
    recorded.write("queries/notes.sql", &(queries(&["one"]) + wrong));
    let run = || {
        let output = recorded.command(&["codegen"]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    let first = run();
    assert!(first.contains("error[unknown-column]"), "{first}");
    assert_eq!(recorded.take_asked(), ["one"]);
    assert_eq!(run(), first);
    assert!(recorded.take_asked().is_empty());
}

#[test]
fn with_other_migrations_scopes_or_settings_all_are_asked_about() {
    let recorded = Recorded::new();
    recorded.run(&["codegen"]);
    assert_eq!(recorded.take_asked(), ["one", "two"]);
    recorded.write("migrations/2_more.up.sql", "CREATE TABLE more (id int);\n");
    recorded.run(&["codegen"]);
    assert_eq!(recorded.take_asked(), ["one", "two"], "a migration");
    let scopes = "[scopes.owner]\n\n[scopes.other]\nsettings = [\"app.user_id\"]\n";
    recorded.write("xact.toml", scopes);
    recorded.run(&["codegen"]);
    assert_eq!(recorded.take_asked(), ["one", "two"], "a scope");
    // The places of names in xact.toml decide nothing.
    recorded.write("xact.toml", &format!("# Moved.\n\n{scopes}"));
    recorded.run(&["codegen"]);
    assert!(recorded.take_asked().is_empty(), "a comment");
    recorded.write("xact.toml", "[session]\nallow = [\"told\"]\n");
    recorded.run(&["codegen"]);
    assert_eq!(recorded.take_asked(), ["one", "two"], "a function");
    let annotations = "types:\n  short: {rust_type: String}\n";
    recorded.write("schema_annotations.yaml", annotations);
    recorded.run(&["codegen"]);
    assert_eq!(recorded.take_asked(), ["one", "two"], "a type");
    std::fs::remove_file(recorded.project.path().join("schema_annotations.yaml")).unwrap();
    let mut command = recorded.command(&["codegen"]);
    // sqlx takes options of the session from here.
    command.env("PGOPTIONS", "-c search_path=public,pg_catalog");
    assert!(command.status().unwrap().success());
    assert_eq!(recorded.take_asked(), ["one", "two"], "a setting");
    std::fs::remove_file(recorded.project.path().join("xact.toml")).unwrap();
    recorded.run(&["codegen"]);
    assert!(recorded.take_asked().is_empty(), "as before");
}

/// Something outside of the project decides about the database; the text of the migrations is the same.
#[test]
fn migrations_that_build_another_schema_or_other_oids_are_another_database() {
    let recorded = Recorded::new();
    let state = recorded.told.path().join("state");
    let migration = format!(
        "DO $$ BEGIN
            IF pg_read_file('{path}') = 'required' THEN
                UPDATE notes SET body = ''; ALTER TABLE notes ALTER body SET NOT NULL;
            ELSIF pg_read_file('{path}') = 'numbers' THEN
                CREATE TABLE passing (id int); DROP TABLE passing;
            END IF;
        END $$;
        CREATE TABLE later (id int);\n",
        path = state.display()
    );
    recorded.write("migrations/2_state.up.sql", &migration);
    let run = |text: &str| {
        std::fs::write(&state, text).unwrap();
        recorded.run(&["codegen"]);
        let generated = recorded.generated();
        recorded.forget_run();
        (recorded.take_asked(), generated)
    };
    let (asked, optional) = run("optional");
    assert_eq!(asked, ["one", "two"]);
    let (asked, required) = run("required");
    assert_eq!(asked, ["one", "two"]);
    assert_ne!(required, optional);
    let (asked, numbers) = run("numbers");
    assert_eq!(asked, ["one", "two"]);
    assert_eq!(numbers, optional);
    assert_eq!(run("required"), (Vec::new(), required));
    assert_eq!(run("optional"), (Vec::new(), optional));
}

#[test]
fn a_check_and_a_forced_run_ask_about_all_queries() {
    let recorded = Recorded::new();
    recorded.run(&["codegen"]);
    recorded.take_asked();
    for argument in ["--check", "--force"] {
        recorded.run(&["codegen", argument]);
        assert_eq!(recorded.take_asked(), ["one", "two"], "{argument}");
    }
}

#[test]
fn another_build_of_the_tool_asks_about_all_queries() {
    let recorded = Recorded::new();
    recorded.run(&["codegen"]);
    recorded.take_asked();
    let other = recorded.project.path().join("other-xact");
    std::fs::copy(env!("CARGO_BIN_EXE_xact"), &other).unwrap();
    let mut command = Command::new(other);
    command.arg("--project").arg(recorded.project.path());
    command.env("XDG_CACHE_HOME", recorded.cache.path());
    command.env_remove("XACT_SERVER_URL");
    assert!(command.arg("codegen").status().unwrap().success());
    assert_eq!(recorded.take_asked(), ["one", "two"]);
}

/// The query would be planned if the disk was not full, and then it might be refused.
#[test]
fn a_result_that_an_error_of_the_moment_decided_is_not_kept() {
    let recorded = Recorded::new();
    let migration = "CREATE FUNCTION full_disk() RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM tell('full');
            RAISE disk_full;
        END $$;\n";
    recorded.write("migrations/2_full.up.sql", migration);
    let query = "-- name: notes_full :many\nSELECT id, full_disk() FROM notes;\n";
    recorded.write("queries/full.sql", query);
    recorded.run(&["codegen"]);
    assert_eq!(recorded.take_asked(), ["full", "one", "two"]);
    for _ in 0..2 {
        recorded.forget_run();
        recorded.run(&["codegen"]);
        assert_eq!(recorded.take_asked(), ["full"]);
    }
}

#[test]
fn a_damaged_file_costs_questions_and_changes_no_byte() {
    let recorded = Recorded::new();
    recorded.run(&["codegen"]);
    recorded.take_asked();
    let generated = recorded.generated();
    let [path] = recorded.records().try_into().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    for damaged in [&bytes[..bytes.len() / 2], &flipped, b"", b"another file"] {
        std::fs::write(&path, damaged).unwrap();
        recorded.forget_run();
        recorded.run(&["codegen"]);
        assert!(!recorded.take_asked().is_empty());
        assert_eq!(recorded.generated(), generated);
        recorded.forget_run();
        recorded.run(&["codegen"]);
        assert!(recorded.take_asked().is_empty(), "it was repaired");
    }
    // A folder in its place cannot be repaired, and is no error.
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    recorded.forget_run();
    recorded.run(&["codegen"]);
    assert_eq!(recorded.generated(), generated);
}

#[tokio::test]
async fn of_an_external_server_nothing_is_kept() {
    let recorded = Recorded::new();
    let server = Server::start(None).await.unwrap();
    let folder = server.options().get_socket().unwrap().clone();
    let url = format!(
        "postgres://postgres@localhost/postgres?host={}",
        folder.display()
    );
    for _ in 0..2 {
        let mut command = recorded.command(&["codegen"]);
        let output = command.env("XACT_SERVER_URL", &url).output().unwrap();
        let report = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{report}");
        assert_eq!(recorded.take_asked(), ["one", "two"]);
        recorded.forget_run();
    }
    assert!(is_empty(&recorded.cache.path().join("xact/queries")));
    server.stop().await.unwrap();
}
