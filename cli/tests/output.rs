//! The output of commands: for people, for tools, on a terminal.

use crate::command_line::{project, xact};
use crate::server;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::Value;
use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

/// A project with one wrong query.
fn wrong_project() -> tempfile::TempDir {
    let project = project();
    let query = "-- name: a :many\nSELECT wrong FROM notes;\n";
    std::fs::write(project.path().join("queries/more.sql"), query).unwrap();
    project
}

struct Printed {
    code: i32,
    answer: String,
    report: String,
}

async fn run(project: &Path, arguments: &[&str]) -> Printed {
    let mut command = xact(project, arguments);
    command.env("XACT_SERVER_URL", server::url().await);
    printed(&mut command)
}

fn printed(command: &mut Command) -> Printed {
    let output = command.output().unwrap();
    Printed {
        code: output.status.code().unwrap(),
        answer: String::from_utf8(output.stdout).unwrap(),
        report: String::from_utf8(output.stderr).unwrap(),
    }
}

#[tokio::test]
async fn json_is_an_object_for_each_diagnostic_and_nothing_else() {
    let project = wrong_project();
    let printed = run(project.path(), &["codegen", "--format", "json"]).await;
    assert_eq!(printed.code, 1);
    let lines: Vec<Value> = printed
        .answer
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let [diagnostic] = lines.as_slice() else {
        panic!("{}", printed.answer);
    };
    assert_eq!(diagnostic["severity"], "error");
    assert_eq!(diagnostic["code"], "unknown-column");
    assert_eq!(diagnostic["message"], "column \"wrong\" does not exist");
    assert_eq!(diagnostic["file"], "queries/more.sql");
    for (name, value) in [
        ("line", 2),
        ("column", 8),
        ("end_line", 2),
        ("end_column", 13),
    ] {
        assert_eq!(diagnostic[name], value, "{name}");
    }
    assert_eq!(printed.report, "1 error; nothing was written\n");
}

#[tokio::test]
async fn tools_are_given_warnings_also_where_nothing_changed() {
    let project = project();
    let query = "-- name: note_get :one\nSELECT body FROM notes;\n";
    std::fs::write(project.path().join("queries/notes.sql"), query).unwrap();
    for _ in 0..2 {
        let printed = run(project.path(), &["--format", "json", "codegen"]).await;
        let warning: Value = serde_json::from_str(&printed.answer).unwrap();
        assert_eq!(warning["severity"], "warning", "{}", printed.report);
    }
}

#[tokio::test]
async fn a_failure_is_told_to_tools_too() {
    let project = project();
    let nowhere = "postgres://127.0.0.1:1/x";
    for (format, begin) in [
        ("json", r#"{"message":"cannot connect"#),
        ("github", "::error ::cannot connect"),
    ] {
        let arguments = ["--server", nowhere, "--format", format, "codegen"];
        let printed = printed(&mut xact(project.path(), &arguments));
        assert_eq!(printed.code, 2);
        assert!(printed.answer.starts_with(begin), "{}", printed.answer);
        assert_eq!(printed.answer.lines().count(), 1, "{}", printed.answer);
        assert!(printed.report.starts_with("error: cannot connect"));
    }
}

#[tokio::test]
async fn github_is_told_the_place_as_the_repository_knows_it() {
    let project = wrong_project();
    let mut command = xact(project.path(), &["codegen", "--format", "github"]);
    command
        .env("XACT_SERVER_URL", server::url().await)
        .env("GITHUB_WORKSPACE", project.path().parent().unwrap());
    let printed = printed(&mut command);
    let folder = project.path().file_name().unwrap().display();
    let expected = format!(
        "::error file={folder}/queries/more.sql,line=2,col=8,title=unknown-column::column \"wrong\" does not exist\n"
    );
    assert_eq!((printed.code, printed.answer), (1, expected));
    let place = "queries/more.sql:2:8: error[unknown-column]";
    assert!(printed.report.starts_with(place), "{}", printed.report);
}

#[tokio::test]
async fn lint_speaks_to_github_as_codegen_does() {
    let project = project();
    std::fs::write(project.path().join("xact.toml"), "lint.sets = ['house']\n").unwrap();
    let printed = run(project.path(), &["lint", "--format", "github"]).await;
    assert_eq!(printed.code, 1);
    let begin = "::error file=";
    assert!(
        printed.answer.lines().all(|line| line.starts_with(begin)),
        "{}",
        printed.answer
    );
    assert!(
        printed.answer.contains("schema.sql,line="),
        "{}",
        printed.answer
    );
}

#[tokio::test]
async fn quiet_says_only_what_is_wrong() {
    let project = project();
    let done = run(project.path(), &["codegen", "--quiet"]).await;
    assert_eq!((done.code, done.report.as_str()), (0, ""));
    let same = run(project.path(), &["-q", "codegen"]).await;
    assert_eq!((same.code, same.report.as_str()), (0, ""));
    std::fs::write(
        project.path().join("queries/notes.sql"),
        "-- name: a :many\nSELEC 1;\n",
    )
    .unwrap();
    let wrong = run(project.path(), &["codegen", "--quiet"]).await;
    assert_eq!(wrong.code, 1);
    assert!(wrong.report.contains("error[syntax]"), "{}", wrong.report);
    let stale = run(project.path(), &["--quiet", "codegen", "--check"]).await;
    assert_eq!(stale.code, 1, "{}", stale.report);
}

#[tokio::test]
async fn every_shell_is_given_its_completions() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let printed = printed(&mut xact(folder.path(), &["completions", shell]));
        assert_eq!(printed.code, 0, "{}", printed.report);
        assert!(printed.answer.contains("new-migration"), "{shell}");
    }
}

/// Runs a command whose standard error is a terminal, and gives the text on it.
fn on_a_terminal(command: &mut Command) -> String {
    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&controller).unwrap();
    unlockpt(&controller).unwrap();
    let path = ptsname(&controller, Vec::new())
        .unwrap()
        .into_string()
        .unwrap();
    let terminal = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .unwrap();
    let mut child = command
        .env("TERM", "xterm")
        .stderr(terminal)
        .spawn()
        .unwrap();
    // The command's own copy of the terminal goes with it.
    command.stderr(std::process::Stdio::null());
    let mut shown = Vec::new();
    // Linux gives EIO once no process holds the other end.
    let _ = File::from(controller).read_to_end(&mut shown);
    child.wait().unwrap();
    String::from_utf8_lossy(&shown).into_owned()
}

#[tokio::test]
async fn colours_are_for_terminals_unless_somebody_said_otherwise() {
    const RED: &str = "\u{1b}[1;31merror";
    let project = wrong_project();
    let url = server::url().await;
    let command = |name: &str, value: &str| {
        let mut command = xact(project.path(), &["codegen"]);
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command.env("XACT_SERVER_URL", url).env(name, value);
        command
    };
    assert!(on_a_terminal(&mut command("LANG", "C")).contains(RED));
    assert!(!on_a_terminal(&mut command("NO_COLOR", "1")).contains(RED));
    assert!(!on_a_terminal(&mut command("CLICOLOR", "0")).contains(RED));
    assert!(!printed(&mut command("LANG", "C")).report.contains(RED));
    assert!(
        printed(&mut command("CLICOLOR_FORCE", "1"))
            .report
            .contains(RED)
    );
}

#[tokio::test]
async fn a_terminal_is_shown_what_takes_long_and_nothing_else_is() {
    let project = project();
    let slow = "SELECT pg_sleep(2);\n";
    std::fs::write(project.path().join("migrations/2_slow.up.sql"), slow).unwrap();
    let url = server::url().await;
    let command = |arguments: &[&str]| {
        let mut command = xact(project.path(), &["codegen", "--force"]);
        command.args(arguments).env("XACT_SERVER_URL", url);
        command
    };
    let doing = "applying 2 migrations";
    let shown = on_a_terminal(&mut command(&[]));
    assert!(shown.contains(doing), "{shown}");
    let last = shown.rsplit("\u{1b}[2K").next().unwrap();
    assert!(
        last.contains("1 query, ") && !last.contains(doing),
        "{shown}"
    );
    assert!(!on_a_terminal(&mut command(&["--quiet"])).contains(doing));
    assert!(!printed(&mut command(&[])).report.contains(doing));
}
