//! Things that only some files may do, each with the reason: views for output, processes, writes into the project.

use super::repository::{File, sources};
use super::rust_text::code;

/// A prefix of paths, and why they may.
type Allowed = &'static [(&'static str, &'static str)];

/// Types that are written as JSON, given to a template, or in a record of the cache.
const SERIALIZE: Allowed = &[
    ("codegen/src/rust/view.rs", "the views of the templates"),
    (
        "codegen/src/rust/struct_views.rs",
        "the views of the templates",
    ),
    (
        "codegen/src/rust/templates.rs",
        "gives a view to a template",
    ),
    (
        "codegen/src/rust/kept_texts.rs",
        "hashes the views of the templates",
    ),
    ("codegen/src/explanation/", "`xact describe` is JSON"),
    (
        "codegen/src/query/",
        "the results of queries, in records of the cache",
    ),
    (
        "codegen/src/schema/model/",
        "the catalog of a kept database, below the user's cache",
    ),
    (
        "codegen/src/report/source.rs",
        "spans of the results of queries",
    ),
    (
        "codegen/src/report/diagnostic/mod.rs",
        "diagnostics of queries, in records of the cache",
    ),
    (
        "codegen/src/report/diagnostic/fix.rs",
        "diagnostics of queries, in records of the cache",
    ),
    ("codegen/src/pipeline/records/", "records of the cache"),
    (
        "codegen/src/workspace/requests/sent.rs",
        "diagnostics between two processes",
    ),
    ("codegen/src/lint/json.rs", "`xact lint --format json`"),
    (
        "codegen/src/operations/stats.rs",
        "`xact stats --format json`",
    ),
    ("cli/src/dev/status.rs", "`xact dev status --format json`"),
    (
        "cli/src/migrate/status_view.rs",
        "`xact migrate status --format json`",
    ),
    ("lsp/src/", "messages of the Language Server Protocol"),
    ("xact/src/", "values that an application serialises"),
];

/// Processes other than servers.
const PROCESSES: Allowed = &[
    ("server/src/", "servers and what prepares them"),
    ("codegen/src/git.rs", "asks git for branches and old files"),
    ("cli/src/cargo_xact.rs", "becomes the `xact` beside it"),
    ("cli/src/dev/psql.rs", "becomes psql"),
];

/// Files that are created, changed or removed.
const WRITES: Allowed = &[
    ("server/src/", "data directories, sockets and leases"),
    (
        "codegen/src/output/",
        "the one place that writes into the project",
    ),
    (
        "codegen/src/database/embedded/",
        "the data directory of the embedded Postgres",
    ),
    (
        "codegen/src/rust/visible_types.rs",
        "the folder of its test, which is a crate",
    ),
    ("lsp/src/paths.rs", "the folders of its test"),
    (
        "codegen/src/rust/kept_texts.rs",
        "texts of files below the user's cache",
    ),
    ("codegen/src/freshness.rs", "records below the user's cache"),
    (
        "codegen/src/workspace/requests/",
        "sockets below the user's cache",
    ),
    (
        "codegen/src/pipeline/records/",
        "results of queries below the user's cache",
    ),
    (
        "codegen/src/database/kept_files.rs",
        "unused files below the user's cache",
    ),
    (
        "codegen/src/database/reload.rs",
        "records below the user's cache that a schema.sql loads",
    ),
];

#[test]
fn only_views_and_output_are_serialised() {
    assert_only(SERIALIZE, &["Serialize"]);
}

#[test]
fn only_the_server_crate_starts_processes() {
    assert_only(PROCESSES, &["Command::new", "tokio::process"]);
}

#[test]
fn only_output_writes_into_the_project() {
    let writes = [
        "fs::write",
        "File::create",
        "create_dir",
        "remove_file",
        "remove_dir",
        "fs::rename",
        "fs::copy",
    ];
    assert_only(WRITES, &writes);
}

/// Asserts that the words are in no other file, and that every file that is allowed has one.
fn assert_only(allowed: Allowed, words: &[&str]) {
    let (wrong, unneeded) = find_uses(sources(), allowed, words);
    assert!(wrong.is_empty(), "{words:?} in {wrong:#?}");
    assert!(
        unneeded.is_empty(),
        "nothing uses {words:?} in {unneeded:#?}"
    );
}

/// The files with a word that may not have it, and the allowed prefixes below which no file has one.
fn find_uses(
    files: Vec<File>,
    allowed: Allowed,
    words: &[&str],
) -> (Vec<String>, Vec<&'static str>) {
    let uses = |file: &File| {
        let code = code(&file.text);
        words.iter().any(|word| contains(&code, word))
    };
    let using: Vec<String> = files
        .into_iter()
        .filter(uses)
        .map(|file| file.path)
        .collect();
    let may = |path: &String| allowed.iter().any(|(prefix, _)| path.starts_with(prefix));
    let prefixes = allowed.iter().map(|(prefix, _)| *prefix);
    let unneeded = prefixes
        .filter(|prefix| !using.iter().any(|path| path.starts_with(prefix)))
        .collect();
    let wrong = using.iter().filter(|path| !may(path)).cloned().collect();
    (wrong, unneeded)
}

#[test]
fn a_word_in_another_file_and_an_unneeded_exception_are_found() {
    let file = |path: &str, text: &str| File {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let files = vec![
        file("a/view.rs", "#[derive(Serialize)]"),
        file("b/new.rs", "use serde::Serialize;"),
        file("b/read.rs", "// Serialize\nuse serde::Deserialize;"),
    ];
    let allowed: Allowed = &[("a/", "views"), ("c/", "nothing uses it")];
    let (wrong, unneeded) = find_uses(files, allowed, &["Serialize"]);
    assert_eq!(wrong, ["b/new.rs"]);
    assert_eq!(unneeded, ["c/"]);
}

/// Whether the word is in the code, and no part of a longer one: `Deserialize` is not `Serialize`.
fn contains(code: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(start, _)| {
        let before = code[..start].chars().next_back();
        !before.is_some_and(is_word)
    })
}
