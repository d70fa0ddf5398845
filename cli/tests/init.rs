//! The promises of `xact init`: a project that generates, builds and passes its own test at once, and
//! nothing overwritten.

use crate::command_line::xact;
use crate::{server, shared_builds};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::Builder::new().prefix("shop").tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

pub(crate) fn read(folder: &TempDir, path: &str) -> String {
    std::fs::read_to_string(folder.path().join(path)).unwrap()
}

/// Runs the tool; gives its exit code and output.
async fn run(folder: &TempDir, arguments: &[&str]) -> (i32, String) {
    let output = xact(folder.path(), arguments)
        .env("XACT_SERVER_URL", server::url().await)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), said)
}

pub(crate) async fn ok(folder: &TempDir, arguments: &[&str]) -> String {
    let (code, said) = run(folder, arguments).await;
    assert_eq!(code, 0, "{said}");
    said
}

/// Every file below a folder with its content.
fn files(folder: &TempDir) -> Vec<(String, String)> {
    let entries = walkdir::WalkDir::new(folder.path()).sort_by_file_name();
    entries
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder.path()).unwrap();
            let text = std::fs::read_to_string(entry.path()).unwrap();
            (path.display().to_string(), text)
        })
        .collect()
}

/// `cargo test` in the folder. The runtime is that of this checkout, because the tool was built in it.
async fn cargo_test(folder: &TempDir) {
    std::fs::copy(
        format!("{ROOT}/Cargo.lock"),
        folder.path().join("Cargo.lock"),
    )
    .unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["test", "--offline", "--quiet"])
        .current_dir(folder.path())
        .env("CARGO_TARGET_DIR", shared_builds::target_folder())
        .env("XACT_SERVER_URL", server::url().await)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

#[tokio::test]
async fn init_makes_an_empty_folder_a_project_that_passes_its_own_test() {
    let folder = folder(&[]);
    let said = ok(&folder, &["init"]).await;
    assert!(said.contains("wrote: queries/notes.sql"), "{said}");
    ok(&folder, &["codegen"]).await;
    ok(&folder, &["codegen", "--check"]).await;
    cargo_test(&folder).await;
}

#[tokio::test]
async fn a_new_project_keeps_every_rule_of_lint() {
    let folder = folder(&[]);
    ok(&folder, &["init"]).await;
    let said = ok(&folder, &["lint"]).await;
    assert!(said.ends_with(" rules, 0 found\n"), "{said}");
}

#[tokio::test]
async fn init_keeps_every_line_of_a_cargo_project_and_its_migrations() {
    let manifest = "# Ours.\n[package]\nname = \"old-shop\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n\
                    [dependencies]\nserde = \"1\" # for orders\n";
    let library = "//! The shop.\n\n/// An order.\npub struct Order;";
    let folder = folder(&[
        ("Cargo.toml", manifest),
        ("src/lib.rs", library),
        ("justfile", "build:\n    cargo build\n"),
        (
            "migrations/1_orders.sql",
            "CREATE TABLE orders (id bigint PRIMARY KEY);\n",
        ),
    ]);
    let said = ok(&folder, &["init"]).await;
    for line in [
        "found: migrations/ with 1 file",
        "added: src/lib.rs: pub mod orm;",
        "left: justfile: it could have",
        "wrote: tests/database.rs",
    ] {
        assert!(said.contains(line), "{said}");
    }
    assert!(read(&folder, "Cargo.toml").starts_with(manifest));
    assert!(read(&folder, "src/lib.rs").starts_with(library));
    assert_eq!(read(&folder, "justfile"), "build:\n    cargo build\n");
    ok(&folder, &["codegen"]).await;
    cargo_test(&folder).await;
}

#[tokio::test]
async fn init_depends_on_the_runtime_of_the_checkout_that_the_tool_was_built_in() {
    let checkout = Path::new(ROOT).canonicalize().unwrap().join("xact");
    let line = format!("xact = {{ path = \"{}\"", checkout.display());
    // The root of a checkout is as good as the folder of the crate.
    for arguments in [
        vec!["init"],
        vec!["init", "--runtime", ROOT],
        vec!["init", "--runtime", checkout.to_str().unwrap()],
    ] {
        let folder = folder(&[]);
        ok(&folder, &arguments).await;
        let manifest = read(&folder, "Cargo.toml");
        assert_eq!(manifest.matches(&line).count(), 2, "{manifest}");
    }
}

#[tokio::test]
async fn init_refuses_a_runtime_that_is_none() {
    let other = folder(&[("Cargo.toml", "[package]\nname = \"shop\"\n")]);
    let old = folder(&[(
        "Cargo.toml",
        "[package]\nname = \"xact\"\nversion = \"0.0.1\"\n",
    )]);
    for (runtime, error) in [
        (Path::new("nowhere"), "cannot find the runtime in `nowhere`"),
        (
            other.path(),
            "is the package `shop`, so it is not the runtime",
        ),
        (old.path(), "is version 0.0.1, but this tool generates for"),
    ] {
        let folder = folder(&[]);
        let (code, said) = run(&folder, &["init", "--runtime", runtime.to_str().unwrap()]).await;
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(error), "{said}");
        assert!(files(&folder).is_empty());
    }
}

#[tokio::test]
async fn init_repairs_a_dependency_that_an_earlier_run_wrote() {
    let package = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n";
    let version = env!("CARGO_PKG_VERSION");
    for (dependency, repaired) in [
        (format!("xact = \"{version}\" # ours"), true),
        ("xact = { path = \"/moved/xact\" }".to_owned(), true),
        (
            format!("xact = {{ version = \"{version}\", registry = \"ours\" }}"),
            false,
        ),
        ("xact = \"0.0.1\"".to_owned(), false),
        ("xact = { path = \"../xact\" }".to_owned(), false),
    ] {
        let manifest = format!("{package}[dependencies]\n{dependency}\nserde = \"1\"\n");
        let folder = folder(&[("Cargo.toml", &manifest)]);
        let said = ok(&folder, &["init"]).await;
        assert_eq!(said.contains(", in place of "), repaired, "{said}");
        assert_eq!(read(&folder, "Cargo.toml").contains(&dependency), !repaired);
        assert!(read(&folder, "Cargo.toml").contains("serde = \"1\""));
    }
}

#[tokio::test]
async fn init_completes_the_tests_from_a_dependency_with_a_table_of_its_own() {
    let manifest = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
                    [dependencies.xact]\npath = \"../xact\"\nfeatures = [\"time\"]\n";
    let folder = folder(&[("Cargo.toml", manifest)]);
    ok(&folder, &["init"]).await;
    let completed = read(&folder, "Cargo.toml");
    assert!(completed.starts_with(manifest), "{completed}");
    let line = "xact = { path = \"../xact\", features = [\"time\", \"testing\"] }";
    assert!(completed.contains(line), "{completed}");
}

#[tokio::test]
async fn init_goes_on_after_a_run_that_was_interrupted() {
    let whole = folder(&[]);
    ok(&whole, &["init"]).await;
    for missing in ["queries/notes.sql", "tests/notes.rs", "src/lib.rs"] {
        let interrupted = folder(&[]);
        ok(&interrupted, &["init"]).await;
        for path in ["queries/notes.sql", missing] {
            let path = interrupted.path().join(path);
            if path.exists() {
                std::fs::remove_file(path).unwrap();
            }
        }
        ok(&interrupted, &["init"]).await;
        assert_eq!(files(&interrupted).len(), files(&whole).len());
        assert!(read(&interrupted, "queries/notes.sql").contains("note_create"));
    }
}

#[tokio::test]
async fn init_names_the_crate_and_ignores_builds_and_passwords() {
    let folder = folder(&[(
        "Cargo.toml",
        "[package]\nname = \"old-shop\"\nversion = \"1.0.0\"\n",
    )]);
    let said = ok(&folder, &["init"]).await;
    assert!(said.contains("use old_shop::orm::Database;"), "{said}");
    assert_eq!(read(&folder, ".gitignore"), "/target\n.env\n");
    std::fs::write(folder.path().join(".gitignore"), "/build\n").unwrap();
    ok(&folder, &["init"]).await;
    assert_eq!(read(&folder, ".gitignore"), "/build\n");
    let digit = folder.path().join("2shop");
    std::fs::create_dir(&digit).unwrap();
    let output = xact(&digit, &["init"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("`2shop`, does not\ncrate: `data`"), "{said}");
}

#[tokio::test]
async fn init_says_which_sqlx_a_project_has_and_what_that_means() {
    let package = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\n\n[dependencies]\n";
    let lock = "version = 4\n\n[[package]]\nname = \"sqlx\"\nversion = \"0.8.6\"\n";
    for (dependency, lock, line) in [
        ("sqlx = \"0.9\"", "", "found: sqlx 0.9: that of xact"),
        (
            "sqlx = { version = \"^0.8.2\" }",
            "",
            "found: sqlx ^0.8.2: xact has sqlx 0.9",
        ),
        (
            "sqlx = { workspace = true }",
            lock,
            "found: sqlx 0.8.6: xact has sqlx 0.9",
        ),
        ("sqlx = { workspace = true }", "", "found: sqlx: its macros"),
    ] {
        let manifest = format!("{package}{dependency}\n");
        let folder = folder(&[("Cargo.toml", &manifest), ("Cargo.lock", lock)]);
        let said = ok(&folder, &["init"]).await;
        assert!(said.contains(line), "{said}");
    }
}

#[tokio::test]
async fn init_again_changes_nothing() {
    let folder = folder(&[]);
    ok(&folder, &["init"]).await;
    let before = files(&folder);
    let said = ok(&folder, &["init"]).await;
    assert!(said.contains("there was nothing to add"), "{said}");
    assert_eq!(files(&folder), before);
}

const GOOSE: &str = "-- +goose Up\nCREATE TABLE authors (id bigint PRIMARY KEY, name text NOT NULL);\n\
                     -- +goose Down\nDROP TABLE authors;\n";

const AUTHORS: &str = "-- name: ListAuthors :many\nSELECT * FROM authors WHERE name = @name;\n\
                       -- name: RenameAuthors :execresult\n\
                       UPDATE authors SET name = sqlc.narg('name') WHERE id IN (sqlc.slice('ids'));\n";

#[tokio::test]
async fn init_takes_over_a_sqlc_project() {
    let first = "version: \"1\"\npackages:\n  - path: db\n    queries: ./sql/query/\n    schema: sql/schema\n";
    let second = r#"{"version": "2", "sql": [
        {"engine": "postgresql", "queries": ["sql/query"], "schema": ["sql/schema/*.sql"]},
        {"engine": "mysql", "queries": "other", "schema": "other"}
    ]}"#;
    for (name, configuration) in [("sqlc.yaml", first), ("sqlc.json", second)] {
        let folder = folder(&[
            (name, configuration),
            ("sql/schema/001_authors.sql", GOOSE),
            ("sql/query/authors.sql", AUTHORS),
        ]);
        let said = ok(&folder, &["init"]).await;
        let found = format!("found: {name}: 1 file of queries, 1 file of the schema");
        assert!(said.contains(&found), "{said}");
        assert_eq!(
            said.contains("a block of mysql"),
            name == "sqlc.json",
            "{said}"
        );
        assert_eq!(read(&folder, "queries/authors.sql"), AUTHORS);
        assert!(read(&folder, "migrations/001_authors.down.sql").contains("DROP"));
        ok(&folder, &["codegen"]).await;
        assert!(read(&folder, "src/orm/authors.rs").contains("pub fn rename_authors"));
        let said = ok(&folder, &["init"]).await;
        assert!(said.contains("there was nothing to add"), "{said}");
    }
}

#[tokio::test]
async fn init_names_what_sqlc_writes_otherwise() {
    let folder = folder(&[
        (
            "sqlc.yaml",
            "version: \"2\"\nsql:\n  - engine: postgresql\n    queries: query.sql\n    schema: schema.sql\n",
        ),
        (
            "schema.sql",
            "CREATE TABLE authors (id bigint PRIMARY KEY);\n",
        ),
        (
            "query.sql",
            "-- name: AddAuthor :execlastid\nINSERT INTO authors (id) VALUES ($1);\n",
        ),
    ]);
    let said = ok(&folder, &["init"]).await;
    assert!(
        said.contains("queries/query.sql:1:20: error[unknown-command]"),
        "{said}"
    );
    assert!(said.contains("write `RETURNING id`"), "{said}");
    assert!(
        said.contains("left: schema.sql: it is a migration now: remove it"),
        "{said}"
    );
    let own = "-- @generated by xact.\n";
    std::fs::write(folder.path().join("schema.sql"), own).unwrap();
    let said = ok(&folder, &["init"]).await;
    assert!(!said.contains("left: schema.sql"), "{said}");
}

#[tokio::test]
async fn init_names_migrations_that_would_be_reverted_at_once() {
    let folder = folder(&[("migrations/001_authors.sql", GOOSE)]);
    let said = ok(&folder, &["init"]).await;
    let left = "left: migrations/001_authors.sql: the way back is in it too";
    assert!(said.contains(left), "{said}");
}

#[tokio::test]
async fn init_of_what_is_no_package_says_what_to_do() {
    for (manifest, says) in [
        ("[workspace]\n", "error[no-package]"),
        ("[package\n", "Cargo.toml:1:9: error[invalid-manifest]"),
    ] {
        let folder = folder(&[("Cargo.toml", manifest)]);
        let (code, said) = run(&folder, &["init"]).await;
        assert_eq!(code, 1, "{said}");
        assert!(said.contains(says), "{said}");
        assert_eq!(files(&folder).len(), 1);
    }
    let folder = folder(&[("sqlc.yaml", "sql: 5\n")]);
    let (code, said) = run(&folder, &["init"]).await;
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("sqlc.yaml:1:6: error[invalid-sqlc-configuration]"),
        "{said}"
    );
}

#[tokio::test]
async fn cargo_runs_the_tool_that_is_installed() {
    let folder = folder(&[]);
    ok(&folder, &["init"]).await;
    let status = Command::new(env!("CARGO_BIN_EXE_cargo-xact"))
        .args(["xact", "codegen", "--check", "--project"])
        .arg(folder.path())
        .env("XACT_SERVER_URL", server::url().await)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1), "nothing is generated yet");
}
