//! `xact prove`, as a person and a pipeline type it.

use crate::command_line::xact;
use crate::server;
use std::path::Path;

const CONFIGURATION: &str = "[scopes.tenant]\nrole = \"xact_prove\"\nsettings = [{ name = \"app.tenant\", type = \"tenants.id\" }]\n";

const SCHEMA: &str = "\
CREATE ROLE xact_prove;
CREATE TABLE tenants (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE notes (id bigint PRIMARY KEY, tenant_id bigint NOT NULL REFERENCES tenants, body text NOT NULL);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, DELETE ON notes TO xact_prove;
";

fn write_project(root: &Path, policy: &str) {
    std::fs::create_dir_all(root.join("migrations")).unwrap();
    std::fs::create_dir_all(root.join("queries")).unwrap();
    std::fs::write(root.join("xact.toml"), CONFIGURATION).unwrap();
    let policy = format!("CREATE POLICY own ON notes TO xact_prove USING ({policy});");
    std::fs::write(
        root.join("migrations/1_all.up.sql"),
        SCHEMA.to_owned() + &policy,
    )
    .unwrap();
    let query = "-- name: notes_list :many\nSELECT id, body FROM notes;\n";
    std::fs::write(root.join("queries/notes.sql"), query).unwrap();
}

#[tokio::test]
async fn prove_exits_with_1_on_a_leak_and_prints_it_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let url = server::url().await;
    let run = |arguments: &[&str]| {
        let output = xact(folder.path(), arguments)
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
    write_project(folder.path(), "tenant_id > 0");
    let (code, stdout, stderr) = run(&["prove"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(
        stdout.contains("LEAK: SELECT of table notes in scope tenant shows"),
        "{stdout}"
    );
    assert!(
        stdout.contains("    SET LOCAL ROLE \"xact_prove\";\n"),
        "{stdout}"
    );
    assert!(stderr.contains("scope tenant: "), "{stderr}");

    let (code, stdout, _) = run(&["prove", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &document["scopes"][0]), (1, &"tenant".into()));
    let verdicts = document["verdicts"].as_array().unwrap();
    let leak = verdicts
        .iter()
        .find(|verdict| verdict["object"] == "query notes_list")
        .unwrap();
    assert_eq!(
        (&leak["operation"], &leak["finding"]),
        (&"run".into(), &"leak".into())
    );

    let (code, stdout, _) = run(&["prove", "--format", "github"]);
    assert_eq!(code, 1);
    assert!(
        stdout.contains("queries/notes.sql,line=1,col=10,title=tenant-leak::"),
        "{stdout}"
    );

    let (code, stdout, _) = run(&["prove", "--markdown"]);
    assert_eq!(code, 1);
    assert!(stdout.contains("| `notes` | LEAK |"), "{stdout}");

    let (code, stdout, _) = run(&["prove", "--rows"]);
    assert_eq!(code, 0);
    assert!(
        stdout.contains("INSERT INTO notes (id, tenant_id, body)"),
        "{stdout}"
    );

    write_project(
        folder.path(),
        "tenant_id = nullif(current_setting('app.tenant', true), '')::bigint",
    );
    let (code, stdout, stderr) = run(&["prove"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(stderr.contains("0 leaks"), "{stderr}");
}

#[tokio::test]
async fn a_project_without_a_restricted_scope_has_no_tenants_to_prove() {
    let folder = tempfile::tempdir().unwrap();
    write_project(folder.path(), "true");
    std::fs::write(folder.path().join("xact.toml"), "[scopes.admin]\n").unwrap();
    let command = xact(folder.path(), &["prove"])
        .env("XACT_SERVER_URL", server::url().await)
        .output();
    let output = command.unwrap();
    assert_eq!(output.status.code(), Some(0));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("no scope has settings, so there are no tenants to keep apart"),
        "{stderr}"
    );
}
