//! `xact lsp` with a real client: a session of Neovim on the reference project.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The Neovim of `scripts/fetch-neovim`, or one on PATH that is new enough for the configuration in `editors/nvim`.
fn find_neovim() -> Option<PathBuf> {
    let fetched = Path::new(REPOSITORY).join("target/neovim/bin/nvim");
    let candidates = [fetched, PathBuf::from("nvim")];
    candidates.into_iter().find(|candidate| {
        let output = Command::new(candidate).arg("--version").output();
        let version = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        let version = version.unwrap_or_default();
        let mut parts = version.strip_prefix("NVIM v").unwrap_or("").split('.');
        let mut number = || parts.next()?.parse::<u32>().ok();
        let (major, minor) = (number(), number());
        major > Some(0) || major == Some(0) && minor >= Some(11)
    })
}

/// The reference project, without its Git repository and its build results.
fn copy_reference() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "migrations",
        "queries",
        "src",
        "schema.sql",
        "schema_annotations.yaml",
        "xact.toml",
    ] {
        for entry in walkdir::WalkDir::new(Path::new(REPOSITORY).join(name)) {
            let entry = entry.unwrap();
            let below = entry.path().strip_prefix(REPOSITORY).unwrap();
            let copy = folder.path().join(below);
            if entry.file_type().is_dir() {
                std::fs::create_dir_all(copy).unwrap();
            } else {
                std::fs::copy(entry.path(), copy).unwrap();
            }
        }
    }
    folder
}

fn run_session() -> Option<Value> {
    let Some(neovim) = find_neovim() else {
        eprintln!("SKIPPED: there is no Neovim 0.11 or later; `scripts/fetch-neovim` fetches one");
        return None;
    };
    let project = copy_reference();
    let home = tempfile::tempdir().unwrap();
    let result = home.path().join("result.json");
    let script = Path::new(REPOSITORY).join("cli/tests/neovim/session.lua");
    let mut command = Command::new(neovim);
    command.args(["--clean", "--headless", "-S"]).arg(script);
    command.current_dir(project.path().canonicalize().unwrap());
    command
        .env(
            "XACT_PLUGIN",
            Path::new(REPOSITORY)
                .join("editors/nvim")
                .canonicalize()
                .unwrap(),
        )
        .env("XACT_PROGRAM", env!("CARGO_BIN_EXE_xact"))
        .env("XACT_RESULT", &result)
        .env_remove("XACT_SERVER_URL");
    for variable in ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"] {
        command.env(variable, home.path());
    }
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = std::fs::read_to_string(&result);
    let text = text.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn a_session_of_neovim_shows_the_facts_and_errors_of_the_reference_project() {
    let Some(seen) = run_session() else {
        return;
    };
    assert!(seen["error"].is_null(), "{seen:#}");
    let contains = |key: &str, part: &str| {
        let text = seen[key]
            .as_str()
            .unwrap_or_else(|| panic!("{key}: {seen:#}"));
        assert!(text.contains(part), "{key}: no `{part}` in\n{text}");
    };
    assert_eq!(seen["clean"].as_array().map_or(0, Vec::len), 0, "{seen:#}");
    contains(
        "hover_query",
        "The bookmarks of an organization, newest first",
    );
    contains("hover_query", "`customer` may run it");
    contains("hover_column", "`Option<String>`, `text`");
    contains("hover_column", "can be NULL: ");
    contains(
        "hover_column",
        "The file's name on the computer it came from",
    );
    contains("hover_table", "table **bookmarks**");

    let broken = seen["broken"][0].as_str().unwrap();
    assert!(
        broken.starts_with("3:44 unknown-column column b.domian does not exist"),
        "{broken}"
    );
    contains("fixed", "b.domain");
    let completion: Vec<&str> = seen["completion"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert!(
        completion.contains(&"organization_id") && !completion.contains(&"url"),
        "{completion:?}"
    );
    let hints = seen["hints"].as_array().unwrap();
    assert!(
        hints.contains(&Value::from(": Option<String>")),
        "{hints:?}"
    );

    contains("to_schema", "schema.sql: CREATE TABLE bookmarks (");
    contains("to_column", "schema.sql: url ");
    contains("to_rust", "src/orm/bookmarks.rs: pub fn bookmarks_list(");
    contains(
        "to_sql",
        "queries/bookmarks.sql: -- name: bookmarks_list :page",
    );
}
