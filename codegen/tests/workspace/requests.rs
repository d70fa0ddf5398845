//! Single runs that are answered by the process that has their project open.

use super::{LIST, MIGRATION, NOTES, QUERIES, project, write};
use crate::server;
use std::path::Path;
use xact_codegen::report::diagnostic::json;
use xact_codegen::workspace::{
    OpenedBy, RunRequests, Workspace, generate_by_editor, generate_joined,
};
use xact_codegen::{Generated, Stop};

/// No server: a run that gets no answer fails.
const NOWHERE: &str = "postgres://localhost:1/nowhere";

/// Runs once, while `workspace` answers.
async fn run(root: &Path, workspace: &mut Workspace) -> Result<Generated, Stop> {
    let mut requests = listen(root, OpenedBy::Watch);
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
async fn an_answer_has_the_diagnostics_that_the_run_would_have_found() {
    let project = project();
    let mut workspace = Workspace::open(project.path(), Some(server::url().await));
    workspace.check().await.unwrap();
    for text in [
        LIST.replace("title", "titel"),
        LIST.replace(":many", ":mny"),
        // A warning: code is generated all the same.
        format!("{LIST}\n-- name: notes_none :many\nSELECT id FROM notes WHERE body = NULL;\n"),
    ] {
        write(project.path(), QUERIES, &text);
        let answered = run(project.path(), &mut workspace).await;
        let generated = server::generate(project.path()).await;
        assert_eq!(describe(&answered), describe(&generated));
        assert!(describe(&answered).len() > 1, "{answered:?}");
    }
}

/// The diagnostics with their fixes, and the files.
fn describe(result: &Result<Generated, Stop>) -> Vec<String> {
    let (diagnostics, files) = match result {
        Ok(generated) => (&generated.warnings, texts(generated)),
        Err(Stop::Diagnostics(found)) => (found, Vec::new()),
        Err(Stop::Failure(failure)) => panic!("{failure}"),
    };
    let diagnostics = diagnostics.iter().flat_map(|diagnostic| {
        [
            json(diagnostic),
            format!("{:?} {:?}", diagnostic.place, diagnostic.fixes),
        ]
    });
    let files = files.iter().map(|(path, text)| format!("{path}\n{text}"));
    diagnostics.chain(files).collect()
}

#[tokio::test]
async fn a_run_with_other_migrations_gets_no_answer() {
    let project = project();
    let mut workspace = Workspace::open(project.path(), Some(server::url().await));
    workspace.check().await.unwrap();
    assert!(run(project.path(), &mut workspace).await.is_ok());
    workspace.set_text(MIGRATION, format!("{NOTES} CREATE TABLE unsaved (id int);"));
    workspace.check().await.unwrap();
    assert!(run(project.path(), &mut workspace).await.is_err());
}

#[tokio::test]
async fn a_run_that_gets_no_answer_in_time_generates_itself() {
    let project = project();
    let url = server::url().await;
    let _silent = RunRequests::listen(project.path(), Some(url), OpenedBy::Editor).unwrap();
    let generated = generate_joined(project.path(), Some(url)).await.unwrap();
    assert_eq!(generated.queries, 1);
}

#[tokio::test]
async fn a_watch_asks_an_editor_and_no_other_watch() {
    let project = project();
    let mut workspace = Workspace::open(project.path(), Some(server::url().await));
    workspace.check().await.unwrap();
    for (opened, is_asked) in [(OpenedBy::Editor, true), (OpenedBy::Watch, false)] {
        let mut requests = listen(project.path(), opened);
        let answer = async {
            requests.next().await.answer(&mut workspace).await;
            std::future::pending::<()>().await;
        };
        let generated = tokio::select! {
            generated = generate_by_editor(project.path(), Some(NOWHERE)) => generated,
            () = answer => unreachable!(),
        };
        assert_eq!(generated.is_some_and(|result| result.is_ok()), is_asked);
    }
}

fn listen(root: &Path, opened: OpenedBy) -> RunRequests {
    RunRequests::listen(root, Some(NOWHERE), opened).unwrap()
}
