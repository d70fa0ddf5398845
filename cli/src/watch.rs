//! `xact codegen --watch`: generates, and again after every change, until it is interrupted.

use crate::report::say;
use crate::{codegen, report};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use xact_codegen::Failure;
use xact_codegen::watch::ProjectChanges;
use xact_codegen::workspace::{OpenedBy, RunRequests, Workspace, generate_by_editor, next_request};

/// Runs until a signal drops the future, which stops and removes the server.
pub(super) async fn run_watch(project: &Path, server: Option<&str>) -> ExitCode {
    match Box::pin(watch_changes(project, server)).await {
        Ok(never) => match never {},
        Err(failure) => report::print_failure(&failure),
    }
}

/// Errors of the project or the machine are printed, and the next change starts another attempt.
async fn watch_changes(
    project: &Path,
    server: Option<&str>,
) -> Result<std::convert::Infallible, Failure> {
    // Invariant: it is watched before it is read, so that no change falls between.
    let mut changes = ProjectChanges::watch_project(project)?;
    report::report_server(server);
    let mut workspace = Workspace::open(project, server);
    let mut requests = RunRequests::listen(project, server, OpenedBy::Watch);
    loop {
        let start = Instant::now();
        // An editor that has the project open analyses the same changes.
        let generated = match generate_by_editor(project, server).await {
            Some(generated) => generated,
            None => workspace.generate().await,
        };
        codegen::write_generated(project, server, generated, start);
        say!("watching for changes, until Ctrl-C");
        wait_for_change(&mut changes, &mut requests, &mut workspace).await;
        report::clear_screen();
    }
}

/// Answers single runs until a file changes.
async fn wait_for_change(
    changes: &mut ProjectChanges,
    requests: &mut Option<RunRequests>,
    workspace: &mut Workspace,
) {
    loop {
        tokio::select! {
            () = changes.wait_for_next() => return,
            // An answer takes less time than a generation, so a change waits for it.
            request = next_request(requests) => request.answer(workspace).await,
        }
    }
}
