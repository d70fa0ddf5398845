//! Single runs that are answered by the process that has their project open.

use super::{LIST, MIGRATION, NOTES, QUERIES, project, write};
use crate::server;
use std::path::Path;
use xact_codegen::workspace::{RunRequests, Workspace, generate_joined};
use xact_codegen::{Generated, Stop};

/// No server: a run that gets no answer fails.
const NOWHERE: &str = "postgres://localhost:1/nowhere";

/// Runs once, while `workspace` answers.
async fn run(root: &Path, workspace: &mut Workspace) -> Result<Generated, Stop> {
    let mut requests = RunRequests::listen(root, Some(NOWHERE)).unwrap();
    let answer = async {
        requests.next().await.answer(workspace).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        generated = generate_joined(root, Some(NOWHERE)) => generated,
        () = answer => unreachable!(),
    }
}

fn texts(generated: &Generated) -> Vec<(&str, &str)> {
    let files = generated.files.iter();
    files
        .map(|file| (file.path.as_str(), file.text.as_str()))
        .collect()
}

#[tokio::test]
async fn an_answer_is_what_the_run_would_have_generated() {
    let project = project();
    let mut workspace = Workspace::open(project.path(), Some(server::url().await));
    workspace.check().await.unwrap();
    for text in [
        LIST,
        "-- Ö.\n-- name: notes_all :many\nSELECT * FROM notes;\n",
    ] {
        write(project.path(), QUERIES, text);
        let answered = run(project.path(), &mut workspace).await.unwrap();
        let generated = server::generate(project.path()).await.unwrap();
        assert_eq!(texts(&answered), texts(&generated));
        assert_eq!(answered.fingerprint, generated.fingerprint);
        assert_eq!(answered.queries, generated.queries);
    }
}

#[tokio::test]
async fn an_answer_has_no_unsaved_text() {
    let project = project();
    let mut workspace = Workspace::open(project.path(), Some(server::url().await));
    workspace.set_text(QUERIES, LIST.replace("notes_list", "notes_unsaved"));
    let before = workspace.check().await.unwrap();
    let answered = run(project.path(), &mut workspace).await.unwrap();
    let all: String = texts(&answered).iter().map(|(_, text)| *text).collect();
    assert!(all.contains("notes_list") && !all.contains("notes_unsaved"));
    let after = workspace.check().await.unwrap();
    assert_eq!(super::names(&before), super::names(&after));
}

#[tokio::test]
async fn a_run_with_other_migrations_or_with_diagnostics_gets_no_answer() {
    let project = project();
    let mut workspace = Workspace::open(project.path(), Some(server::url().await));
    workspace.check().await.unwrap();
    assert!(run(project.path(), &mut workspace).await.is_ok());
    write(project.path(), QUERIES, &LIST.replace("title", "titel"));
    assert!(run(project.path(), &mut workspace).await.is_err());
    write(project.path(), QUERIES, LIST);
    workspace.set_text(MIGRATION, format!("{NOTES} CREATE TABLE unsaved (id int);"));
    workspace.check().await.unwrap();
    assert!(run(project.path(), &mut workspace).await.is_err());
}

#[tokio::test]
async fn a_run_that_gets_no_answer_in_time_generates_itself() {
    let project = project();
    let url = server::url().await;
    let _silent = RunRequests::listen(project.path(), Some(url)).unwrap();
    let generated = generate_joined(project.path(), Some(url)).await.unwrap();
    assert_eq!(generated.queries, 1);
}
