//! `cases/<behaviour>/`: a small schema and queries, with the exact files or the exact errors
//! that they give.
//!
//! The folder's name states the behaviour, and is the name of its test. `XACT_BLESS=1` writes what is expected; look at the
//! diff before committing it.

use crate::server;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use xact_codegen::config::OUTPUT;
use xact_codegen::output::OutputFile;
use xact_codegen::report::diagnostic::{Style, render};
use xact_codegen::{Generated, Stop, output};

/// The file with the expected diagnostics.
const DIAGNOSTICS: &str = "diagnostics.txt";

/// The folder of each case.
pub(crate) fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    folders
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

macro_rules! cases {
    ($($name:ident)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        $(
            #[tokio::test]
            async fn $name() {
                check_case(stringify!($name)).await;
            }
        )*
    };
}

include!("case_names.in");

#[test]
fn each_folder_is_a_test() {
    let folders = folders();
    let names = folders.iter().map(|folder| folder.file_name().unwrap());
    let names: Vec<&str> = names.map(|name| name.to_str().unwrap()).collect();
    if std::env::var_os("XACT_BLESS").is_some() {
        let list = format!(
            "// The folders of `cases/`; `just bless` writes this.\ncases! {{\n    {}\n}}\n",
            names.join("\n    ")
        );
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/case_names.in");
        std::fs::write(path, list).unwrap();
    }
    assert_eq!(
        names, NAMES,
        "XACT_BLESS=1 writes tests/case_names.in; run the tests again"
    );
}

/// Gives the files and the diagnostics of one case, and compares them with those expected.
async fn check_case(name: &str) {
    let folder = root().join(name);
    let (files, diagnostics) = match server::generate(&folder).await {
        Ok(Generated {
            files, warnings, ..
        }) => (files, warnings),
        Err(Stop::Diagnostics(diagnostics)) => (Vec::new(), diagnostics),
        Err(Stop::Failure(failure)) => panic!("{failure}"),
    };
    let text = render(&diagnostics, Style::Plain);
    if std::env::var_os("XACT_BLESS").is_some() {
        bless(&folder, &files, &text);
    }
    let differences = differences(&folder, &files, &text);
    assert!(
        differences.is_empty(),
        "{differences}\nXACT_BLESS=1 accepts the output"
    );
}

fn bless(folder: &Path, files: &[OutputFile], diagnostics: &str) {
    output::write(folder, OUTPUT, files).unwrap();
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
    let changes = output::compare(folder, OUTPUT, files).unwrap();
    if !changes.is_empty() {
        writeln!(report, "== {case}: {changes:?}").unwrap();
    }
    report
}
