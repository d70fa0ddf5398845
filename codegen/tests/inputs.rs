//! The same inputs give the same bytes, wherever they are asked about.

use crate::cases;
use crate::server;
use std::path::Path;
use xact_codegen::report::diagnostic::find_code;

#[tokio::test]
async fn a_given_server_and_a_private_one_give_the_same_bytes() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..").as_ref();
    let private = xact_codegen::generate(root, None).await.unwrap();
    let given = server::generate(root).await.unwrap();
    assert_eq!(private.files, given.files);
    let again = server::generate(root).await.unwrap();
    assert_eq!(
        given.files, again.files,
        "a leftover of the run before shows"
    );
}

/// Codes that no input is known to give: they report a fault of the tool instead of a wrong result.
const FAULTS: &[&str] = &["schema-file-differs", "unproved-migration"];

#[test]
fn every_diagnostic_code_is_registered_and_has_a_case() {
    let cases = cases::folders().into_iter();
    let cases = cases.map(|folder| folder.join("diagnostics.txt"));
    // Behaviour that needs other commands, or a database with a history, has tests elsewhere.
    let folders = [
        "tests/lint",
        "tests/migrate",
        "tests/prove",
        "tests/schema",
        "../cli/tests",
        "../cli/tests/migrate",
    ];
    let tests = folders.into_iter().flat_map(|folder| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        std::fs::read_dir(folder).unwrap()
    });
    let expected: String = cases
        .chain(tests.map(|entry| entry.unwrap().path()))
        .map(|path| std::fs::read_to_string(path).unwrap_or_default())
        .collect();
    let sources = walkdir::WalkDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let (mut missing, mut unregistered) = (Vec::new(), Vec::new());
    for entry in sources.into_iter().map(Result::unwrap) {
        if entry
            .path()
            .extension()
            .is_none_or(|extension| extension != "rs")
        {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).unwrap();
        for code in codes(&text) {
            if find_code(&code).is_none() {
                unregistered.push(code.clone());
            }
            if !expected.contains(&format!("[{code}]")) && !FAULTS.contains(&code.as_str()) {
                missing.push(code);
            }
        }
    }
    assert!(unregistered.is_empty(), "codes.txt lacks {unregistered:?}");
    assert!(missing.is_empty(), "no case shows {missing:?}");
}

/// The codes that a source file can give: the first argument of `error`, `in_file` and their kin.
fn codes(source: &str) -> Vec<String> {
    let mut codes = Vec::new();
    for opening in [
        "Diagnostic::error(",
        "Diagnostic::in_file(",
        "self.error(",
        "annotation_error(",
    ] {
        for (start, _) in source.match_indices(opening) {
            let argument = source[start + opening.len()..].trim_start();
            if let Some(quoted) = argument.strip_prefix('"') {
                codes.extend(quoted.split('"').next().map(str::to_owned));
            }
        }
    }
    codes
}
