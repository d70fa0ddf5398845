//! The output of `xact explain` and `xact describe`.

use crate::command_line::{project, xact};
use crate::server;
use std::path::Path;
use tempfile::TempDir;

/// A project in which one scope may not do everything.
fn shared_notes() -> TempDir {
    let project = project();
    let write = |path: &str, text: &str| std::fs::write(project.path().join(path), text).unwrap();
    write(
        "migrations/2_people.up.sql",
        "CREATE TABLE people (id bigint PRIMARY KEY, name text NOT NULL);\n\
         ALTER TABLE notes ADD author_id bigint REFERENCES people;\n\
         CREATE ROLE guest;\n\
         GRANT SELECT ON notes, people TO guest;\n",
    );
    write(
        "xact.toml",
        "[scopes.guest]\nrole = \"guest\"\n\n[scopes.owner]\n",
    );
    write(
        "queries/notes.sql",
        "-- name: notes_list :many\n\
         SELECT n.id, n.body, p.name AS author\n\
         FROM notes n LEFT JOIN people p ON p.id = n.author_id\n\
         LIMIT :limit;\n\
         \n\
         -- name: notes_write :execrows\n\
         INSERT INTO notes (id, body, author_id)\n\
         SELECT :id, :body, p.id FROM people p WHERE p.name = :author;\n",
    );
    project
}

/// Compares an answer with its file in `explain/`; `XACT_BLESS=1` writes it.
fn assert_expected(file: &str, answer: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explain");
    if std::env::var_os("XACT_BLESS").is_some() {
        std::fs::write(folder.join(file), answer).unwrap();
    }
    let expected = std::fs::read_to_string(folder.join(file)).unwrap_or_default();
    assert_eq!(answer, expected, "XACT_BLESS=1 accepts the answer");
}

/// Exit code, standard output, standard error.
async fn ask(project: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = xact(project, arguments)
        .env("XACT_SERVER_URL", server::url().await)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap();
    (code, text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn explain_names_who_composes_sql_at_run_time() {
    let project = shared_notes();
    let migration = "CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
        EXECUTE format('INSERT INTO %I VALUES (1)', TG_TABLE_NAME || '_changes'); RETURN NEW; END $$;\n\
        CREATE TRIGGER record AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION record_change();\n";
    std::fs::write(
        project.path().join("migrations/3_changes.up.sql"),
        migration,
    )
    .unwrap();
    let (_, answer, _) = ask(project.path(), &["explain", "notes_write"]).await;
    let expected = "\nSQL composed at run time, not checked\n  \
        `record_change`, reached through the trigger `record` of `notes`\n";
    assert!(answer.contains(expected), "{answer}");
    let (_, answer, _) = ask(project.path(), &["explain", "notes_list"]).await;
    assert!(!answer.contains("composed"), "{answer}");
    let (_, answer, _) = ask(project.path(), &["describe", "--format", "json"]).await;
    assert_eq!(answer.matches("\"composed_sql\"").count(), 1, "{answer}");
}

#[tokio::test]
async fn explain_prints_everything_known_of_a_query() {
    let project = shared_notes();
    for name in ["notes_list", "notes_write"] {
        let (code, answer, report) = ask(project.path(), &["explain", name]).await;
        assert_eq!((code, report.as_str()), (0, ""));
        assert_expected(&format!("{name}.txt"), &answer);
    }
    assert!(!project.path().join("src").exists(), "nothing is written");
}

#[tokio::test]
async fn explain_of_an_unknown_name_gives_the_nearest_and_exits_with_1() {
    let project = shared_notes();
    let (code, answer, report) = ask(project.path(), &["explain", "note_list"]).await;
    assert_eq!((code, answer.as_str()), (1, ""));
    assert_eq!(
        report,
        "error: there is no query `note_list`\nhelp: perhaps you meant `notes_list`\n"
    );
}

#[tokio::test]
async fn a_wrong_query_keeps_no_other_from_being_explained() {
    let project = shared_notes();
    let wrong = "-- name: wrong :many\nSELECT titel FROM notes;\n";
    std::fs::write(project.path().join("queries/wrong.sql"), wrong).unwrap();
    let (code, answer, _) = ask(project.path(), &["explain", "notes_list"]).await;
    assert_eq!((code, answer.lines().next()), (0, Some("notes_list :many")));
    let (code, answer, report) = ask(project.path(), &["explain", "wrong"]).await;
    assert_eq!((code, answer.as_str()), (1, ""));
    assert!(
        report.starts_with("queries/wrong.sql:2:8: error[unknown-column]"),
        "{report}"
    );
}

#[tokio::test]
async fn describe_prints_all_queries_as_json() {
    let project = shared_notes();
    let (code, answer, report) = ask(project.path(), &["describe", "--format", "json"]).await;
    assert_eq!((code, report.as_str()), (0, ""));
    assert_expected("describe.json", &answer);
    assert!(!project.path().join("src").exists(), "nothing is written");
}

#[tokio::test]
async fn describe_reports_a_wrong_query_beside_the_rest_and_exits_with_1() {
    let project = shared_notes();
    let wrong = "-- name: wrong :many\nSELECT bdy FROM notes;\n";
    std::fs::write(project.path().join("queries/wrong.sql"), wrong).unwrap();
    let (code, answer, report) = ask(project.path(), &["describe", "--format", "json"]).await;
    assert_eq!((code, report.as_str()), (1, ""));
    let document: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let names = document["queries"].as_array().unwrap().iter();
    let names: Vec<&str> = names.map(|query| query["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["notes_list", "notes_write"]);
    let error = serde_json::json!([{
        "code": "unknown-column",
        "message": "column \"bdy\" does not exist",
        "file": "queries/wrong.sql",
        "line": 2,
        "column": 8,
        "notes": [],
        "help": ["Perhaps you meant to reference the column \"notes.body\"."],
    }]);
    assert_eq!(document["errors"], error);
}

#[tokio::test]
async fn describe_of_a_refused_migration_is_json_as_well() {
    let project = shared_notes();
    std::fs::write(
        project.path().join("migrations/3_wrong.up.sql"),
        "CREATE;\n",
    )
    .unwrap();
    let (code, answer, report) = ask(project.path(), &["describe", "--format", "json"]).await;
    assert_eq!((code, report.as_str()), (1, ""));
    let document: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(document["queries"], serde_json::json!([]));
    assert_eq!(document["errors"][0]["code"], "syntax");
}
