//! schema.sql under version control: two branches conflict where they change the same table, and only there.

use std::path::Path;
use std::process::Command;

use super::server::dumped;

const BASE: &str = "
    CREATE TABLE authors (id bigint PRIMARY KEY, name text);
    CREATE TABLE notes (id bigint PRIMARY KEY, author_id bigint, body text);
    CREATE TABLE tags (id bigint PRIMARY KEY, name text);";

/// The result of `git merge-file` for the dumps of `BASE` and of `BASE` with each of the changes.
async fn merged(one: &str, other: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, change) in [("base", ""), ("one", one), ("other", other)] {
        let sql = dumped(&format!("{BASE} {change}")).await;
        std::fs::write(folder.path().join(name), sql).unwrap();
    }
    merge(folder.path())
}

fn merge(folder: &Path) -> Result<String, String> {
    let output = Command::new("git")
        .args(["merge-file", "--stdout", "one", "base", "other"])
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    if output.status.success() {
        Ok(text)
    } else {
        Err(text)
    }
}

#[tokio::test]
async fn branches_that_change_different_tables_merge_into_what_both_make() {
    let changes = [
        (
            "ALTER TABLE authors ADD born date;",
            "ALTER TABLE tags ADD colour text;",
        ),
        (
            "CREATE INDEX ON authors (name);",
            "ALTER TABLE notes ADD CHECK (body <> '');",
        ),
        (
            "ALTER TABLE notes ADD FOREIGN KEY (author_id) REFERENCES authors;",
            "ALTER TABLE tags ADD colour text, ADD UNIQUE (name);",
        ),
        (
            "CREATE TABLE books (id bigint);",
            "CREATE TABLE words (id bigint);",
        ),
    ];
    for (one, other) in changes {
        let both = dumped(&format!("{BASE} {one} {other}")).await;
        assert_eq!(merged(one, other).await, Ok(both), "{one} {other}");
    }
}

#[tokio::test]
async fn branches_that_change_the_same_table_conflict() {
    let changes = [
        (
            "ALTER TABLE notes ADD pinned boolean;",
            "ALTER TABLE notes ADD read_at timestamptz;",
        ),
        (
            "ALTER TABLE notes ALTER body SET NOT NULL;",
            "ALTER TABLE notes ALTER body TYPE varchar;",
        ),
        (
            "CREATE INDEX ON notes (body);",
            "ALTER TABLE notes ENABLE ROW LEVEL SECURITY;",
        ),
        (
            "ALTER TABLE notes ADD CHECK (id > 0);",
            "CREATE INDEX ON notes (body);",
        ),
        ("DROP TABLE notes;", "ALTER TABLE notes ADD pinned boolean;"),
    ];
    for (one, other) in changes {
        let conflict = merged(one, other).await.unwrap_err();
        assert!(conflict.contains("<<<<<<<"), "{one} {other}\n{conflict}");
    }
}
