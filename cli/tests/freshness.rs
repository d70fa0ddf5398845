//! Where nothing changed, nothing is asked; where anything changed, everything is.

use crate::command_line::{project, xact};
use crate::server;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use xact_server::Server;

/// A project with a cache of its own, generated once.
struct Generated {
    project: TempDir,
    cache: TempDir,
    url: String,
}

impl Generated {
    async fn new() -> Self {
        Self::on(server::url().await.to_owned())
    }

    fn on(url: String) -> Self {
        let (project, cache) = (project(), tempfile::tempdir().unwrap());
        let generated = Self {
            project,
            cache,
            url,
        };
        let (code, report) = generated.run(&[]);
        assert_eq!(code, 0, "{report}");
        assert!(report.contains("1 query, "), "{report}");
        generated
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = xact(self.project.path(), &["codegen"]);
        command.args(arguments);
        command.env("XDG_CACHE_HOME", self.cache.path());
        command.env("XACT_SERVER_URL", &self.url);
        command
    }

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.command(arguments).output().unwrap();
        let report = String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), report)
    }

    /// Whether a run looks into the record only.
    fn is_fresh(&self) -> bool {
        let (code, report) = self.run(&[]);
        assert_eq!(code, 0, "{report}");
        report.starts_with("nothing changed: ")
    }

    fn records(&self) -> Vec<PathBuf> {
        let folder = std::fs::read_dir(self.cache.path().join("xact")).unwrap();
        let paths = folder.map(|entry| entry.unwrap().path());
        // The folder also has what is known of schema.sql.
        let is_record = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_string_lossy();
            name.starts_with("codegen-")
        };
        paths.filter(is_record).collect()
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.project.path().join(path), text).unwrap();
    }

    fn append(&self, path: &str, text: &str) {
        let before = std::fs::read_to_string(self.project.path().join(path)).unwrap();
        self.write(path, &(before + text));
    }
}

/// A server that has ended, with the files that were generated on it.
async fn generated_on_a_server_that_is_gone() -> Generated {
    let server = Server::start(None).await.unwrap();
    let folder = server.options().get_socket().unwrap().clone();
    let folder = folder.display();
    let generated = Generated::on(format!(
        "postgres://postgres@localhost/postgres?host={folder}"
    ));
    server.stop().await.unwrap();
    generated
}

#[tokio::test]
async fn where_nothing_changed_no_server_is_asked_unless_it_is_forced() {
    let generated = generated_on_a_server_that_is_gone().await;
    let (code, report) = generated.run(&[]);
    assert_eq!(code, 0, "{report}");
    assert!(report.starts_with("nothing changed: 1 query, "), "{report}");
    assert!(report.ends_with(" files up to date\n"), "{report}");
    let (code, report) = generated.run(&["--force"]);
    assert_eq!(code, 2, "{report}");
    assert!(report.contains("cannot connect to the server"), "{report}");
}

#[tokio::test]
async fn check_trusts_no_record() {
    let generated = generated_on_a_server_that_is_gone().await;
    let (code, report) = generated.run(&["--check"]);
    assert_eq!(code, 2, "{report}");
}

#[tokio::test]
async fn a_change_of_any_input_is_noticed() {
    let generated = Generated::new().await;
    for (path, text) in [
        ("migrations/1_notes.up.sql", "-- one more line\n"),
        ("queries/notes.sql", "-- one more line\n"),
    ] {
        generated.append(path, text);
        assert!(!generated.is_fresh(), "{path} was edited");
        assert!(generated.is_fresh(), "{path} is as before");
    }
    for (path, text) in [
        ("migrations/2_more.up.sql", "CREATE TABLE more (id int);\n"),
        (
            "queries/more.sql",
            "-- name: more :exec\nDELETE FROM more WHERE id = :id;\n",
        ),
        ("xact.toml", "[scopes.admin]\n"),
        ("schema_annotations.yaml", "tables: {}\n"),
    ] {
        generated.write(path, text);
        assert!(!generated.is_fresh(), "{path} is new");
        assert!(generated.is_fresh(), "{path} is as before");
    }
    let moved = generated.project.path().join("queries/notes.sql");
    std::fs::rename(&moved, moved.with_file_name("other.sql")).unwrap();
    assert!(!generated.is_fresh(), "a query file has another name");
}

#[tokio::test]
async fn a_generated_file_that_is_not_as_it_was_written_is_noticed() {
    let generated = Generated::new().await;
    let path = generated.project.path().join("src/orm/notes.rs");
    let text = std::fs::read_to_string(&path).unwrap();

    generated.append("src/orm/notes.rs", "// edited\n");
    assert!(!generated.is_fresh(), "edited");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);

    std::fs::remove_file(&path).unwrap();
    assert!(!generated.is_fresh(), "deleted");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);

    let orphan = path.with_file_name("orphan.rs");
    std::fs::copy(&path, &orphan).unwrap();
    assert!(!generated.is_fresh(), "a file too many");
    assert!(!orphan.exists());

    generated.write("src/orm/by_hand.rs", "// mine\n");
    assert!(generated.is_fresh(), "a file of the user's own");
}

#[tokio::test]
async fn another_server_and_another_tool_are_noticed() {
    let mut generated = Generated::new().await;
    generated.url.push_str("&application_name=another");
    assert!(!generated.is_fresh(), "another URL");
    assert!(generated.is_fresh());

    let tool = generated.cache.path().join("another-xact");
    std::fs::copy(env!("CARGO_BIN_EXE_xact"), &tool).unwrap();
    let command = generated.command(&[]);
    let mut other = Command::new(&tool);
    other.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => other.env(name, value),
            None => other.env_remove(name),
        };
    }
    let report = String::from_utf8(other.output().unwrap().stderr).unwrap();
    assert!(report.starts_with("1 query"), "another tool: {report}");
}

#[tokio::test]
async fn a_record_that_is_lost_or_broken_costs_a_run() {
    let generated = Generated::new().await;
    let [record] = generated.records().try_into().unwrap();
    let bytes = std::fs::read(&record).unwrap();
    let mut broken = vec![
        Vec::new(),
        b"nonsense\n".to_vec(),
        bytes[..bytes.len() - 20].to_vec(),
    ];
    // Without the line of a file, a change of the file would not be noticed.
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    for lost in 0..lines.len() {
        broken.push([&lines[..lost], &lines[lost + 1..]].concat().concat());
    }
    for broken in broken {
        std::fs::write(&record, &broken).unwrap();
        assert!(!generated.is_fresh(), "{}", broken.escape_ascii());
    }
    assert!(generated.is_fresh(), "written again");
    std::fs::remove_file(&record).unwrap();
    assert!(!generated.is_fresh());
}

#[tokio::test]
async fn warnings_are_counted_where_they_are_not_shown_again() {
    let generated = Generated::new().await;
    let query = "-- name: note_get :one\nSELECT body FROM notes;\n";
    generated.write("queries/notes.sql", query);
    let (code, report) = generated.run(&[]);
    assert_eq!(code, 0, "{report}");
    assert!(report.contains("warning["), "{report}");
    let (_, report) = generated.run(&[]);
    assert!(report.starts_with("nothing changed: 1 query, "), "{report}");
    let end = " files up to date; 1 warning as before, which `--force` shows\n";
    assert!(report.ends_with(end), "{report}");
    let (_, report) = generated.run(&["--force"]);
    assert!(report.contains("warning["), "{report}");
}

#[tokio::test]
async fn records_of_projects_that_are_gone_are_removed() {
    let mut generated = Generated::new().await;
    let first = std::mem::replace(&mut generated.project, project());
    generated.run(&[]);
    assert_eq!(generated.records().len(), 2, "both projects exist");
    drop(first);
    let damaged = generated.cache.path().join("xact/codegen-0000000000000000");
    std::fs::write(&damaged, "xact codegen\n").unwrap();
    let other = Path::new("xact/initdb-0000000000000000");
    let other = generated.cache.path().join(other);
    std::fs::write(&other, "x\n/there/is/no/such/folder\n").unwrap();
    generated.run(&["--force"]);
    assert_eq!(generated.records().len(), 1);
    assert!(other.exists(), "it is no record");
}
