//! `xact annotate` and `xact schema`, as a person types them.

use crate::command_line::{project, xact};
use crate::server;
use std::path::Path;

/// The exit code, standard output, and standard error.
fn run(project: &Path, url: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command = xact(project, arguments);
    let output = command.env("XACT_SERVER_URL", url).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[tokio::test]
async fn annotate_changes_no_table_in_braces_and_says_where_it_is() {
    let project = project();
    let url = server::url().await;
    let file = project.path().join("schema_annotations.yaml");
    let text = "tables:\n  notes: {description: Something.}\n";
    std::fs::write(&file, text).unwrap();
    let (code, _, stderr) = run(project.path(), url, &["annotate"]);
    assert_eq!(code, 1);
    assert!(
        stderr.starts_with(
            "schema_annotations.yaml:2:3: error[not-a-block]: `notes` is written in braces"
        ),
        "{stderr}"
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[tokio::test]
async fn annotate_writes_the_file_and_check_fails_until_it_is_filled_in() {
    let project = project();
    let url = server::url().await;
    let run = |arguments: &[&str]| run(project.path(), url, arguments);
    let file = project.path().join("schema_annotations.yaml");
    let (code, _, stderr) = run(&["annotate", "--check"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(
        stderr.contains("described: 0 of 1 tables and views, 0 of 2 columns"),
        "{stderr}"
    );
    assert!(!file.exists(), "--check writes nothing");
    let (code, _, stderr) = run(&["annotate"]);
    assert_eq!(code, 0, "{stderr}");
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(
        text,
        "tables:\n  notes:\n    description:\n    columns:\n      id:\n      body:\n"
    );
    assert_eq!(run(&["annotate", "--check"]).0, 1);
    let filled: String = text
        .lines()
        .map(|line| match line.trim() {
            "tables:" | "notes:" | "columns:" => format!("{line}\n"),
            _ => format!("{line} Said.\n"),
        })
        .collect();
    std::fs::write(&file, filled).unwrap();
    assert_eq!(run(&["annotate", "--check"]).0, 0);
    let (code, stdout, stderr) = run(&["schema", "--for-llm"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stdout.contains("\nnotes — Said.\n  id bigint NOT NULL PRIMARY KEY — Said.\n"),
        "{stdout}"
    );
}

#[tokio::test]
async fn schema_writes_its_file_alone_or_prints_it() {
    let project = project();
    let url = server::url().await;
    let run = |arguments: &[&str]| run(project.path(), url, arguments);
    let file = project.path().join("schema.sql");
    let (code, printed, stderr) = run(&["schema", "--stdout"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(!file.exists(), "--stdout writes nothing");
    assert_eq!(
        run(&["schema"]),
        (0, String::new(), "wrote: schema.sql\n".to_owned())
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), printed);
    assert_eq!(run(&["schema"]).2, "schema.sql is up to date\n");
    assert!(!project.path().join("src").exists(), "no other file");
    std::fs::write(&file, "-- mine\n").unwrap();
    let (code, _, stderr) = run(&["schema"]);
    assert_eq!(code, 2, "{stderr}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "-- mine\n");
}
