//! Real projects: the reference one, and any other that `XACT_CORPUS` names, with folders
//! `migrations` and `queries`. The proofs should find every override that people wrote.

use std::path::{Path, PathBuf};

use xact_codegen::query::analysis::{Typed, analyse};
use xact_codegen::query::{Query, TypeCatalog, describe, parse};
use xact_codegen::report::source::{list, read};
use xact_codegen::schema::{Keys, Schema};
use xact_server::Server;

/// Every query of a project, analysed in a database that its migrations made.
async fn project(root: &Path) -> Vec<Typed> {
    let url = std::env::var("XACT_SERVER_URL").ok();
    let mut server = Server::start(url.as_deref()).await.unwrap();
    let mut connection = server.connect().await.unwrap();
    server
        .migrate(&mut connection, &root.join("migrations"))
        .await
        .unwrap();
    let paths = list(root, "queries", "sql").unwrap();
    let files = paths.iter().map(|path| read(root, path).unwrap());
    let parsed: Vec<Query> = files.flat_map(|file| parse(&file).0).collect();
    let schema = Schema::default();
    let (described, _) = describe(&mut connection, parsed, &schema).await.unwrap();
    let types = TypeCatalog::read(&mut connection).await.unwrap();
    let (queries, _) = analyse(&mut connection, described, &types, &Keys::of(&schema))
        .await
        .unwrap();
    drop(connection);
    server.stop().await.unwrap();
    queries
}

#[tokio::test]
async fn every_column_of_the_reference_project_is_understood() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let typed = project(&root).await;
    assert!(typed.len() > 50);
    for typed in &typed {
        for column in &typed.columns {
            let place = format!("{}.{}: {}", typed.query.name, column.name, column.evidence);
            assert!(
                !column.evidence.to_string().starts_with("no proof"),
                "{place}"
            );
        }
        for parameter in &typed.parameters {
            assert!(!parameter.name.starts_with("arg"), "{}", typed.query.name);
        }
    }
}

#[tokio::test]
async fn other_projects_are_analysed() {
    let Some(root) = std::env::var_os("XACT_CORPUS") else {
        return;
    };
    for typed in project(Path::new(&root)).await {
        for column in &typed.columns {
            let mark = if column.nullable { "?" } else { "!" };
            println!(
                "{} {}{mark} {}",
                typed.query.name, column.name, column.evidence
            );
        }
        for parameter in &typed.parameters {
            let mark = if parameter.nullable { "?" } else { "" };
            println!("{} ${}{mark}", typed.query.name, parameter.name);
        }
    }
}
