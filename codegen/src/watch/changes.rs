//! When a project has changed: its files as the system reports them, and as they then read.
//!
//! The system also reports irrelevant changes, such as the files that the tool writes itself. Only a change of the
//! project's contents counts.

use crate::config::Paths;
use crate::project::Project;
use crate::report::Failure;
use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

/// How long nothing is reported once a change is over: an editor that saves by removing and renaming takes some
/// milliseconds.
const SETTLED: Duration = Duration::from_millis(30);

/// The limit of that wait: another program may write into the folder all the time.
const PATIENCE: Duration = Duration::from_millis(200);

/// The changes of one project.
#[derive(Debug)]
pub struct ProjectChanges {
    root: PathBuf,
    watcher: RecommendedWatcher,
    reports: UnboundedReceiver<()>,
    /// Whether something was reported since the project was read.
    reported: bool,
    /// The contents at the last reading.
    read: String,
}

impl ProjectChanges {
    /// Begins to watch the project at `root`.
    ///
    /// # Errors
    /// If the system does not let files be watched.
    pub fn watch_project(root: &Path) -> Result<Self, Failure> {
        let (sender, reports) = unbounded_channel();
        let report = move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| is_reading(event.kind)) {
                return;
            }
            // The receiver is dropped at the end of the watch only.
            let _ = sender.send(());
        };
        let watcher =
            notify::recommended_watcher(report).map_err(|error| watch_failure(root, error))?;
        let mut changes = Self {
            root: root.to_owned(),
            watcher,
            reports,
            reported: false,
            read: read_inputs(root),
        };
        let began = changes.watcher.watch(root, RecursiveMode::NonRecursive);
        began.map_err(|error| watch_failure(root, error))?;
        changes.watch_folders();
        Ok(changes)
    }

    /// Returns once the project reads otherwise than the last time.
    ///
    /// # Cancellation
    /// Nothing is lost: the next call sees the change.
    pub async fn wait_for_next(&mut self) {
        loop {
            if !self.reported {
                // The other end is held by the watcher, which is held by this.
                self.reports.recv().await;
                self.reported = true;
            }
            let _ = timeout(PATIENCE, self.wait_until_settled()).await;
            self.watch_folders();
            self.reported = false;
            let now = read_inputs(&self.root);
            if now != self.read {
                self.read = now;
                return;
            }
        }
    }

    /// Returns once nothing is reported any more.
    async fn wait_until_settled(&mut self) {
        while let Ok(Some(())) = timeout(SETTLED, self.reports.recv()).await {}
    }

    /// A folder that was created or recreated since the last report is not watched yet.
    fn watch_folders(&mut self) {
        let paths = Paths::read(&self.root);
        let annotations = self.root.join(&paths.annotations);
        for path in [
            self.root.join(paths.migrations),
            self.root.join(paths.queries),
            annotations.parent().unwrap_or(&self.root).to_owned(),
        ] {
            if path == self.root {
                continue;
            }
            // Errors are expected: the folder may not exist, and may not be watched yet.
            let _ = self.watcher.unwatch(&path);
            let _ = self.watcher.watch(&path, RecursiveMode::Recursive);
        }
    }
}

/// Whether a file was only looked at, as by this tool itself.
fn is_reading(kind: EventKind) -> bool {
    let written = AccessKind::Close(AccessMode::Write);
    matches!(kind, EventKind::Access(access) if access != written)
}

/// All inputs of the generated files, as a text to compare: an input that cannot be read counts too.
fn read_inputs(root: &Path) -> String {
    match Project::read(root) {
        Ok((project, found)) => format!("{} {found:?}", project.fingerprint()),
        Err(failure) => failure.to_string(),
    }
}

fn watch_failure(root: &Path, error: notify::Error) -> Failure {
    Failure::io("watch", root)(std::io::Error::other(error))
}
