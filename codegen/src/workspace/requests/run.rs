//! The side of a run: it asks the processes that have its project open, or generates itself.

use super::answer::decode_answer;
use super::{OpenedBy, hash_key, socket_folder};
use crate::pipeline::{self, Generated, RecordUse};
use crate::project::Project;
use crate::report::Stop;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::time::timeout;

/// How long a run waits: longer than one changed query takes, shorter than a run of its own with a thousand.
const DEADLINE: Duration = Duration::from_secs(1);

/// Generates the files of the project at `root`: by the process that has it open, or as [`generate`](crate::generate) does.
///
/// # Errors
/// As [`generate`](crate::generate).
///
/// # Cancellation
/// As [`generate`](crate::generate).
pub async fn generate_joined(root: &Path, server: Option<&str>) -> Result<Generated, Stop> {
    match ask_in_time(root, server, |_| true).await {
        Some(result) => result,
        None => Box::pin(pipeline::generate_with(root, server, RecordUse::Read)).await,
    }
}

/// The result of an editor that has the project at `root` open: its generated files, or its diagnostics. None if there is no such editor,
/// or if it does not answer within a second.
///
/// ```no_run
/// # async fn run() {
/// use xact_codegen::workspace::generate_by_editor;
///
/// if let Some(Ok(generated)) = generate_by_editor(".".as_ref(), None).await {
///     println!("{} queries", generated.queries);
/// }
/// # }
/// ```
///
/// # Cancellation
/// The editor notices nothing.
pub async fn generate_by_editor(
    root: &Path,
    server: Option<&str>,
) -> Option<Result<Generated, Stop>> {
    ask_in_time(root, server, |opened| opened == OpenedBy::Editor).await
}

async fn ask_in_time(
    root: &Path,
    server: Option<&str>,
    asks: fn(OpenedBy) -> bool,
) -> Option<Result<Generated, Stop>> {
    let asked = timeout(DEADLINE, ask_open_project(root, server, asks)).await;
    asked.ok().flatten()
}

async fn ask_open_project(
    root: &Path,
    server: Option<&str>,
    asks: fn(OpenedBy) -> bool,
) -> Option<Result<Generated, Stop>> {
    let paths = find_sockets(root, server, asks)?;
    let (project, _) = Project::read(root).ok()?;
    for path in paths {
        if let Some(generated) = ask_process(&path, &project).await {
            return Some(generated);
        }
    }
    None
}

/// The sockets of the processes that have the project open and are asked; none if there is no such process.
fn find_sockets(
    root: &Path,
    server: Option<&str>,
    asks: fn(OpenedBy) -> bool,
) -> Option<Vec<PathBuf>> {
    let entries = std::fs::read_dir(socket_folder()?).ok()?.flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.retain(|path| OpenedBy::of_socket(path).is_some_and(asks));
    // The prefix depends on the Postgres, and the search for that takes longer than the rest.
    if paths.is_empty() {
        return None;
    }
    let prefix = format!("{:016x}-", hash_key(root, server)?);
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().starts_with(&prefix)
    });
    (!paths.is_empty()).then_some(paths)
}

async fn ask_process(path: &Path, project: &Project) -> Option<Result<Generated, Stop>> {
    // Refused if the process was killed; the next process that opens a project removes its socket.
    let mut stream = UnixStream::connect(path).await.ok()?;
    let fingerprint = project.fingerprint();
    let request = format!("{fingerprint:016x}");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.ok()?;
    decode_answer(std::str::from_utf8(&bytes).ok()?, project, fingerprint)
}
