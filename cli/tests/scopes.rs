//! A query that the role of a scope may not run does not compile in that scope.

use crate::real_application::{cargo_check_with, generate};
use std::path::Path;

const CASE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../codegen/tests/cases/queries_that_a_scope_may_not_run_have_a_bound"
);

/// A function that runs a query in a scope.
fn call(scope: &str, query: &str) -> String {
    format!(
        "pub async fn call(q: &mut xact::Xact<orm::{scope}>) -> Result<(), xact::Error> {{\n\
             q.orm().{query}.await?;\n    Ok(())\n}}\n"
    )
}

#[tokio::test]
async fn a_forbidden_call_does_not_compile_and_says_which_privilege_is_missing() {
    let project = tempfile::tempdir().unwrap();
    for path in [
        "xact.toml",
        "migrations/1_notes.up.sql",
        "queries/notes.sql",
    ] {
        let copy = project.path().join(path);
        std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
        std::fs::copy(Path::new(CASE).join(path), copy).unwrap();
    }
    generate(project.path()).await;
    for (scope, query) in [
        ("Reader", "notes_titles()"),
        ("Reader", "titles_list()"),
        ("Writer", "notes_secrets()"),
        ("Writer", "notes_lock(1.into())"),
        ("Writer", "keys_count()"),
        ("Owner", "notes_truncate()"),
    ] {
        cargo_check_with(project.path(), &call(scope, query)).unwrap();
    }
    let only = "this query may not run in scope";
    for (scope, query, words) in [
        (
            "Reader",
            "notes_secrets()",
            [
                only,
                "`Reader`: role `reader` lacks SELECT (secret) on notes",
            ],
        ),
        (
            "Reader",
            "notes_lock(1.into())",
            [only, "`Reader`: role `reader` lacks UPDATE on notes"],
        ),
        (
            "Writer",
            "titles_list()",
            [only, "`Writer`: role `Writer` lacks SELECT on titles"],
        ),
        (
            "Reader",
            "keys_count()",
            [
                only,
                "role `reader` gets `permission denied for schema vault`",
            ],
        ),
        (
            "Writer",
            "notes_move(1.into(), 2.into())",
            [
                "in scope `Writer`",
                "scope `Writer`: role `Writer` lacks DELETE on notes",
            ],
        ),
    ] {
        let error = cargo_check_with(project.path(), &call(scope, query)).unwrap_err();
        for word in words {
            assert!(error.contains(word), "{scope}, {query}: {error}");
        }
    }
}
