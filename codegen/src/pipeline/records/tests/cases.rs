//! Every query of every case: the result that is read from its record is the one that was written, in all its fields.

use crate::database::{Sharing, ThrowawayDatabase};
use crate::pipeline::kept::KeptQueries;
use crate::pipeline::{Parsed, RecordUse, Understood, ask_database};
use crate::query::TypedSchema;
use crate::report::diagnostic::{Diagnostic, UNNAMED};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use xact_server::Server;

/// Several tests, so that they run at the same time.
const PARTS: usize = 4;

#[tokio::test]
async fn records_of_cases_give_the_same_results_1_of_4() {
    Box::pin(compare_cases(0)).await;
}

#[tokio::test]
async fn records_of_cases_give_the_same_results_2_of_4() {
    Box::pin(compare_cases(1)).await;
}

#[tokio::test]
async fn records_of_cases_give_the_same_results_3_of_4() {
    Box::pin(compare_cases(2)).await;
}

#[tokio::test]
async fn records_of_cases_give_the_same_results_4_of_4() {
    Box::pin(compare_cases(3)).await;
}

async fn compare_cases(part: usize) {
    let server = Server::start(None).await.unwrap();
    let folder = server.options().get_socket().unwrap().clone();
    let folder = folder.display();
    let url = format!("postgres://postgres@localhost/postgres?host={folder}");
    let cases = list_cases().into_iter().skip(part).step_by(PARTS);
    let mut compared = 0;
    for case in cases {
        compared += Box::pin(compare_case(&case, &url)).await;
    }
    assert!(compared > 50, "{compared} queries");
    server.stop().await.unwrap();
}

fn list_cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

/// Gives the number of queries that were compared: none if the migrations are refused.
async fn compare_case(case: &Path, url: &str) -> usize {
    let name = case.display();
    let parse = || Parsed::read(case).unwrap();
    let project = parse().project;
    let opened = ThrowawayDatabase::open(&project, Some(url), Sharing::Private).await;
    let Ok(mut database) = opened else {
        return 0;
    };
    // As if it were no external one: this test is its only user.
    database.origin = Some(1);
    let catalog = TypedSchema::read(&mut database).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let records = || Some(folder.path().join("queries"));
    let kept = || KeptQueries::in_folder(records(), RecordUse::Read);
    let mut first = kept();
    let asked = ask_database(&mut database, catalog.clone(), parse(), &mut first).await;
    let asked = asked.unwrap();
    let mut second = kept();
    second.begin(database.origin, &asked.project, &catalog);
    second.restore(&asked.written);
    for query in &asked.written {
        let is_certain = |found: &Diagnostic| found.code != UNNAMED;
        let kept = first.find(query);
        let wanted = kept.is_some_and(|kept| kept.diagnostics.iter().all(is_certain));
        assert_eq!(second.knows(query), wanted, "{name} {}", query.name);
    }
    let read = ask_database(&mut database, catalog, parse(), &mut second).await;
    let compared = asked.written.len();
    assert_eq!(
        describe_results(asked),
        describe_results(read.unwrap()),
        "{name}"
    );
    database.stop().await.unwrap();
    compared
}

fn describe_results(understood: Understood) -> String {
    let composed: BTreeMap<_, _> = understood.composed.iter().collect();
    let found = understood.findings.into_unsorted();
    format!("{:#?}\n{composed:#?}\n{found:#?}", understood.queries)
}
