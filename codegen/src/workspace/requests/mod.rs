//! Requests of runs to the process that has their project open, which has the answer at hand.
//!
//! Given: an open [`Workspace`] on one side, a project on disk on the other. Gives: the generated files, or the diagnostics, if both sides
//! read the same project, to the byte. In every other case there is no answer, and the run does all of it itself: an answer saves time and
//! decides nothing.
//!
//! ```text
//! run     the side of the run: asks, or generates itself          answer   the bytes of an answer
//! sent    diagnostics without the texts that both sides have
//! ```
//! The sockets are in a folder of the user's cache that no other user can enter. The name of each begins with a hash of the project's folder,
//! the Postgres and this program, so that another build is never asked.

mod answer;
mod run;
mod sent;

pub(super) use answer::RunAnswer;
pub use run::{generate_by_editor, generate_joined};

use super::Workspace;
use crate::database::{Choice, hash_tool};
use answer::encode_answer;
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::timeout;
use xact::generated::content_hash;
use xact_server::cache_folder;

/// The folder of the sockets in the cache folder.
const FOLDER: &str = "open-projects";

/// How long the other side of a connection may take for its bytes, which it has at hand.
const TRANSFER: Duration = Duration::from_millis(500);

/// The bytes of a request: the fingerprint of the project, in hexadecimal.
const REQUEST: usize = 16;

/// The socket of an open project. Dropping it removes it.
#[derive(Debug)]
pub struct RunRequests {
    listener: UnixListener,
    path: PathBuf,
}

/// A run that waits for the generated files.
#[derive(Debug)]
pub struct RunRequest {
    stream: UnixStream,
    fingerprint: u64,
}

/// Who has a project open. A watch asks editors; if editors asked too, two processes could wait for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenedBy {
    /// A language server.
    Editor,
    /// A watch.
    Watch,
}

impl OpenedBy {
    /// The end of the name of the socket.
    fn suffix(self) -> &'static str {
        match self {
            Self::Editor => "-editor",
            Self::Watch => "-watch",
        }
    }

    fn of_socket(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        [Self::Editor, Self::Watch]
            .into_iter()
            .find(|opened| name.ends_with(opened.suffix()))
    }
}

impl RunRequests {
    /// Begins to listen for runs of the project at `root`; none where there is no cache folder. Needs a runtime of tokio.
    pub fn listen(root: &Path, server: Option<&str>, opened: OpenedBy) -> Option<Self> {
        // Two sockets of one process need two names.
        static SOCKETS: AtomicU32 = AtomicU32::new(0);
        let folder = socket_folder()?;
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(&folder).ok()?;
        let (key, process) = (hash_key(root, server)?, std::process::id());
        let socket = SOCKETS.fetch_add(1, Ordering::Relaxed);
        let suffix = opened.suffix();
        let path = folder.join(format!("{key:016x}-{process}-{socket}{suffix}"));
        remove_abandoned(&folder);
        let listener = UnixListener::bind(&path).ok()?;
        Some(Self { listener, path })
    }

    /// The next run.
    ///
    /// # Cancellation
    /// A run that has connected and is not returned yet gets no answer, and does without.
    pub async fn next(&mut self) -> RunRequest {
        loop {
            // An error is that of the connection, or there are too many open files; either may be over a moment later.
            let Ok((mut stream, _)) = self.listener.accept().await else {
                tokio::time::sleep(TRANSFER).await;
                continue;
            };
            let mut bytes = [0; REQUEST];
            if let Ok(Ok(_)) = timeout(TRANSFER, stream.read_exact(&mut bytes)).await
                && let Ok(text) = std::str::from_utf8(&bytes)
                && let Ok(fingerprint) = u64::from_str_radix(text, 16)
            {
                return RunRequest {
                    stream,
                    fingerprint,
                };
            }
        }
    }
}

impl Drop for RunRequests {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

impl RunRequest {
    /// Sends the files or the diagnostics of the project as it is on disk, without the unsaved texts of the workspace; or nothing.
    ///
    /// # Cancellation
    /// The run gets no answer. For the workspace it is as for [`Workspace::check`].
    pub async fn answer(mut self, workspace: &mut Workspace) {
        let answer = Box::pin(workspace.generate_saved(self.fingerprint)).await;
        if let Some(bytes) = answer.and_then(|answer| encode_answer(self.fingerprint, &answer)) {
            // A run that has ended meanwhile reads nothing.
            let _ = timeout(TRANSFER, self.stream.write_all(&bytes)).await;
        }
    }
}

/// The next run; where there is no socket to listen to, it waits for ever.
///
/// # Cancellation
/// As [`RunRequests::next`].
pub async fn next_request(requests: &mut Option<RunRequests>) -> RunRequest {
    match requests {
        Some(requests) => requests.next().await,
        None => std::future::pending().await,
    }
}

/// Removes the sockets of processes that were killed: without a listener a socket refuses (`unix(7)`). A process that lives sees a
/// connection without a request, which it ignores.
fn remove_abandoned(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let connected = std::os::unix::net::UnixStream::connect(entry.path());
        if connected.is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn socket_folder() -> Option<PathBuf> {
    Some(cache_folder()?.join(FOLDER))
}

/// Everything besides the files of the project that decides about the generated ones.
fn hash_key(root: &Path, server: Option<&str>) -> Option<u64> {
    let root = root.canonicalize().ok()?;
    let (tool, postgres) = (hash_tool()?, Choice::of(server).ok()?.identity());
    let text = format!("{tool:x} {postgres:x} {}", root.display());
    Some(content_hash(text.as_bytes()))
}
