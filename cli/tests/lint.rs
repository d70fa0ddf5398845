//! `xact lint`, as a person types it.

use crate::command_line::{project, xact};
use crate::server;

#[tokio::test]
async fn lint_exits_with_1_until_everything_is_fixed_or_excepted() {
    let project = project();
    let url = server::url().await;
    let run = |arguments: &[&str]| {
        let output = xact(project.path(), arguments)
            .env("XACT_SERVER_URL", url)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code().unwrap(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let sets = "[lint]\nsets = ['house']\n";
    std::fs::write(project.path().join("xact.toml"), sets).unwrap();
    let (code, stdout, stderr) = run(&["lint"]);
    assert_eq!((code, stdout.as_str()), (1, ""), "{stderr}");
    assert!(
        stderr.contains("error[created-at]: `notes` has no column `created_at`"),
        "{stderr}"
    );
    assert!(
        stderr.contains("ALTER TABLE notes ADD COLUMN created_at"),
        "{stderr}"
    );

    let (code, stdout, stderr) = run(&["lint", "--format", "json"]);
    assert_eq!((code, stderr.as_str()), (1, ""));
    let document: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let violations = document["violations"].as_array().unwrap();
    let created = violations
        .iter()
        .find(|item| item["rule"] == "created-at")
        .unwrap();
    assert_eq!(created["object"], "notes");
    assert_eq!(created["file"], "schema.sql");
    let sql = "ALTER TABLE notes ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();";
    assert_eq!(created["sql"], sql);

    let rules = violations.iter().map(|item| item["rule"].as_str().unwrap());
    let off = rules.map(|rule| format!("{rule}.except.notes = 'not here'\n"));
    let mut lines: Vec<String> = off.collect();
    lines.dedup();
    let excepted = sets.to_owned() + &lines.concat();
    std::fs::write(project.path().join("xact.toml"), excepted).unwrap();
    let (code, stdout, stderr) = run(&["lint"]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("rules, 0 found, "), "{stderr}");
}

#[test]
fn rules_are_listed_and_explained_without_a_server_or_a_project() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = xact(folder.path(), arguments).output().unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, listed, _) = run(&["lint", "--rules"]);
    assert_eq!(code, 0);
    assert!(
        listed.contains("foreign-key-index     an index leads with"),
        "{listed}"
    );
    let (code, explained, _) = run(&["lint", "--explain", "counter"]);
    assert_eq!(code, 0);
    assert!(
        explained.contains("    CREATE TABLE notes (id serial PRIMARY KEY"),
        "{explained}"
    );
    let (code, _, error) = run(&["lint", "--explain", "bigints"]);
    assert_eq!(code, 1);
    assert_eq!(
        error,
        "error: there is no rule `bigints`\nhelp: perhaps you meant `bigint`\n"
    );
}

const TUTORIAL: &str = include_str!("../../docs/src/tutorial.md");

/// The block of a language in the tutorial that has this text in it.
fn block_of_tutorial(language: &str, text: &str) -> &'static str {
    let begin = format!("```{language}\n");
    let mut blocks = TUTORIAL.split(begin.as_str()).skip(1);
    let block = blocks.find_map(|block| block.split("```").next().filter(|b| b.contains(text)));
    block.unwrap_or_else(|| panic!("the tutorial has no {language} with `{text}`"))
}

#[tokio::test]
async fn the_schema_at_the_end_of_the_tutorial_keeps_every_rule() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| std::fs::write(folder.path().join(path), text).unwrap();
    std::fs::create_dir(folder.path().join("migrations")).unwrap();
    let notes = include_str!("../../codegen/src/init/files/notes.up.sql");
    write("migrations/1_notes.up.sql", notes);
    let users = block_of_tutorial("sql", "CREATE TABLE users");
    write("migrations/2_users.up.sql", users);
    write("xact.toml", block_of_tutorial("toml", "[scopes.customer]"));
    let output = xact(folder.path(), &["lint"])
        .env("XACT_SERVER_URL", server::url().await)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(" rules, 0 found\n"), "{said}");
}
