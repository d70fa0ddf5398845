//! The migrations of a public application, where the folder is there.

use std::path::Path;

use super::server::round_trip;

#[tokio::test]
async fn the_schema_of_docs_rs_survives() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus");
    let folder = Path::new(corpus).join("docs_rs/migrations");
    if !folder.is_dir() {
        eprintln!("SKIPPED: there are no migrations at {}", folder.display());
        return;
    }
    let mut files: Vec<_> = folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|file| file.to_string_lossy().ends_with(".up.sql"));
    files.sort();
    let migrations: Vec<String> = files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect();
    let sql = round_trip(&migrations.join(";\n")).await;
    assert!(sql.contains("CREATE TABLE releases ("), "{sql}");
}
