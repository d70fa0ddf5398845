//! `cases/<behaviour>/`: a small schema and queries, with the exact files or the exact errors
//! that they give.
//!
//! The folder's name states the behaviour. `XACT_BLESS=1` writes the expected files; look at the
//! diff before committing it.

use crate::server;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use xact_codegen::output::OutputFile;
use xact_codegen::report::diagnostic::{Style, render};
use xact_codegen::{Generated, Stop, output, rust};

/// The file with the expected diagnostics.
const DIAGNOSTICS: &str = "diagnostics.txt";

/// The folder of each case.
pub(crate) fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    folders
}

#[tokio::test]
async fn every_case_gives_exactly_what_is_expected() {
    let bless = std::env::var_os("XACT_BLESS").is_some();
    let mut failures = String::new();
    for folder in folders() {
        let (files, diagnostics) = match server::generate(&folder).await {
            Ok(Generated {
                files, warnings, ..
            }) => (files, warnings),
            Err(Stop::Diagnostics(diagnostics)) => (Vec::new(), diagnostics),
            Err(Stop::Failure(failure)) => panic!("{}: {failure}", folder.display()),
        };
        let text = render(&diagnostics, Style::Plain);
        if bless {
            self::bless(&folder, &files, &text);
        }
        failures += &differences(&folder, &files, &text);
    }
    assert!(
        failures.is_empty(),
        "{failures}\nXACT_BLESS=1 accepts the output"
    );
}

fn bless(folder: &Path, files: &[OutputFile], diagnostics: &str) {
    output::write(folder, rust::FOLDER, files).unwrap();
    let path = folder.join(DIAGNOSTICS);
    if diagnostics.is_empty() {
        let _ = std::fs::remove_file(path);
    } else {
        std::fs::write(path, diagnostics).unwrap();
    }
}

fn differences(folder: &Path, files: &[OutputFile], diagnostics: &str) -> String {
    let mut report = String::new();
    let case = folder.file_name().unwrap().to_string_lossy();
    let expected = std::fs::read_to_string(folder.join(DIAGNOSTICS)).unwrap_or_default();
    if expected != diagnostics {
        writeln!(
            report,
            "== {case}: expected\n{expected}== but got\n{diagnostics}"
        )
        .unwrap();
    }
    let changes = output::compare(folder, rust::FOLDER, files).unwrap();
    if !changes.is_empty() {
        writeln!(report, "== {case}: {changes:?}").unwrap();
    }
    report
}
