//! The schemas of public applications, where they are there.
//!
//! `XACT_SCHEMAS` names a folder of them: every `.sql` file in it is loaded by `psql`, and has to
//! survive.

use std::path::{Path, PathBuf};

use super::server::{empty, psql, round_trip, survives};

#[tokio::test]
async fn the_schema_of_docs_rs_survives() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus");
    let folder = Path::new(corpus).join("docs_rs/migrations");
    if !folder.is_dir() {
        eprintln!("SKIPPED: there are no migrations at {}", folder.display());
        return;
    }
    let migrations: Vec<String> = files(&folder, ".up.sql")
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect();
    let sql = round_trip(&migrations.join(";\n")).await;
    assert!(sql.contains("CREATE TABLE releases ("), "{sql}");
}

#[tokio::test]
async fn every_schema_that_is_given_survives() {
    let Some(folder) = std::env::var_os("XACT_SCHEMAS") else {
        eprintln!("SKIPPED: XACT_SCHEMAS names no folder of schemas");
        return;
    };
    for file in files(Path::new(&folder), ".sql") {
        let text = std::fs::read_to_string(&file).unwrap();
        let original = empty().await;
        psql(&original, &text);
        let sql = survives(original).await;
        let tables = sql.matches("\nCREATE TABLE ").count();
        eprintln!("{}: {tables} tables survive", file.display());
    }
}

/// The files of the folder that end so, sorted.
pub(super) fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let entries = folder.read_dir().unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(end));
    files.sort();
    files
}
