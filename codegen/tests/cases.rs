//! `cases/<behaviour>/`: a small schema and queries, with the exact files or the exact errors
//! that they give.
//!
//! The folder's name states the behaviour, and is the name of its test. `XACT_BLESS=1` writes what is expected; look at the
//! diff before committing it.

use crate::server;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use xact_codegen::config::{OUTPUT, QUERIES};
use xact_codegen::output::OutputFile;
use xact_codegen::report::diagnostic::{Style, render};
use xact_codegen::report::source;
use xact_codegen::workspace::Workspace;
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
    let (files, text) = outcome(server::generate(&folder).await);
    if std::env::var_os("XACT_BLESS").is_some() {
        bless(&folder, &files, &text);
    }
    let differences = differences(&folder, &files, &text);
    assert!(
        differences.is_empty(),
        "{differences}\nXACT_BLESS=1 accepts the output"
    );
    assert_eq!(
        generate_moved(&folder).await,
        (files, text),
        "the results of queries that moved in their files are others"
    );
}

/// The files, and the diagnostics as text.
fn outcome(generated: Result<Generated, Stop>) -> (Vec<OutputFile>, String) {
    let (files, diagnostics) = match generated {
        Ok(Generated {
            files, warnings, ..
        }) => (files, warnings),
        Err(Stop::Diagnostics(diagnostics)) => (Vec::new(), diagnostics),
        Err(Stop::Failure(failure)) => panic!("{failure}"),
    };
    (files, render(&diagnostics, Style::Plain))
}

/// The outcome in an open project whose queries were analysed at other places of their files, so that nothing is asked again.
async fn generate_moved(folder: &Path) -> (Vec<OutputFile>, String) {
    let mut workspace = Workspace::open(folder, Some(server::url().await));
    let paths = source::list(folder, QUERIES, "sql").unwrap_or_default();
    for path in &paths {
        if let Ok(file) = source::read(folder, path) {
            workspace.set_text(path, format!("-- Moved.\n\n\n{}", file.text));
        }
    }
    outcome(workspace.generate().await);
    for path in &paths {
        workspace.remove_text(path);
    }
    let again = outcome(workspace.generate().await);
    workspace.stop().await.unwrap();
    again
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
