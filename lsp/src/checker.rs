//! The thread with the open project: one check at a time, each with all changes that came before it began.
//!
//! A check is never dropped for a newer edit: with one query changed it is over sooner than its connection could be replaced,
//! and the first one builds the database. Its result is then that of an older text, which the session leaves out.

use crate::session::FileChange;
use std::path::PathBuf;
use std::thread::JoinHandle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use xact_codegen::workspace::{CheckedProject, OpenedBy, RunRequests, Workspace, next_request};
use xact_codegen::{Failure, Stop};

/// The handle of the thread. Dropping it stops the check that is running, and the server of the project with it.
#[derive(Debug)]
pub(crate) struct Checker {
    changes: Option<UnboundedSender<Vec<FileChange>>>,
    results: UnboundedReceiver<Result<CheckedProject, Stop>>,
    thread: Option<JoinHandle<()>>,
}

impl Checker {
    /// Opens the project at `root`. Nothing is checked before [`Checker::check`].
    pub(crate) fn start(root: PathBuf, server: Option<String>) -> std::io::Result<Self> {
        let (changes, receiver) = unbounded_channel();
        let (sender, results) = unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = std::thread::Builder::new().name("checker".to_owned());
        let thread = thread.spawn(move || {
            let mut workspace = Workspace::open(&root, server.as_deref());
            runtime.block_on(Box::pin(async {
                let mut requests = RunRequests::listen(&root, server.as_deref(), OpenedBy::Editor);
                check_changes(&mut workspace, receiver, &sender, &mut requests).await;
            }));
            // The server is stopped by a drop, which must not happen inside of the runtime.
            drop(workspace);
        })?;
        Ok(Self {
            changes: Some(changes),
            results,
            thread: Some(thread),
        })
    }

    /// Checks the project with these changes, after the check that is running.
    pub(crate) fn check(&self, changes: Vec<FileChange>) {
        if let Some(sender) = &self.changes {
            // The other end is there until this is dropped, or the thread has panicked; then no result follows.
            let _ = sender.send(changes);
        }
    }

    /// The result of the next check that is over.
    ///
    /// # Cancellation
    /// No result is lost.
    pub(crate) async fn next_result(&mut self) -> Result<CheckedProject, Stop> {
        let result = self.results.recv().await;
        result.unwrap_or_else(|| {
            Err(Failure::Internal("the thread that checks the project ended".to_owned()).into())
        })
    }
}

impl Drop for Checker {
    fn drop(&mut self) {
        // Without a sender the thread drops its check, and ends.
        self.changes = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn check_changes(
    workspace: &mut Workspace,
    mut changes: UnboundedReceiver<Vec<FileChange>>,
    results: &UnboundedSender<Result<CheckedProject, Stop>>,
    requests: &mut Option<RunRequests>,
) {
    let mut next = wait_for_changes(workspace, &mut changes, requests).await;
    while let Some(first) = next {
        apply_changes(workspace, first);
        while let Ok(more) = changes.try_recv() {
            apply_changes(workspace, more);
        }
        let Some((result, waiting)) = collect_during(workspace.check(), &mut changes).await else {
            return;
        };
        if results.send(result).is_err() {
            return;
        }
        next = match waiting {
            None => wait_for_changes(workspace, &mut changes, requests).await,
            waiting => waiting,
        };
    }
}

/// The next changes; none once the client has ended. Until then, single runs of the project are answered.
async fn wait_for_changes(
    workspace: &mut Workspace,
    changes: &mut UnboundedReceiver<Vec<FileChange>>,
    requests: &mut Option<RunRequests>,
) -> Option<Vec<FileChange>> {
    loop {
        let request = tokio::select! {
            // In this order: a key is more urgent than a run.
            biased;
            next = changes.recv() => return next,
            request = next_request(requests) => request,
        };
        // If the client ends meanwhile, the run does without an answer.
        let ((), waiting) = collect_during(request.answer(workspace), changes).await?;
        if waiting.is_some() {
            return waiting;
        }
    }
}

/// The result of the work, and the changes that came meanwhile; none once the client has ended, which drops the work.
async fn collect_during<T>(
    work: impl Future<Output = T>,
    changes: &mut UnboundedReceiver<Vec<FileChange>>,
) -> Option<(T, Option<Vec<FileChange>>)> {
    let mut work = Box::pin(work);
    // Not a list that is empty at first: a message without texts says that files on disk have changed.
    let mut waiting: Option<Vec<FileChange>> = None;
    loop {
        tokio::select! {
            biased;
            more = changes.recv() => waiting.get_or_insert_default().extend(more?),
            result = &mut work => return Some((result, waiting)),
        }
    }
}

fn apply_changes(workspace: &mut Workspace, changes: Vec<FileChange>) {
    for FileChange { path, text } in changes {
        match text {
            Some(text) => workspace.set_text(&path, text),
            None => workspace.remove_text(&path),
        }
    }
}
