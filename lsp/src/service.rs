//! Streams, checks and changes on disk, in one loop that ends with the client.

use crate::checker::Checker;
use crate::session::{Flow, Session};
use crate::wire::{FrameError, read_frame, write_frame};
use gen_lsp_types::MessageType;
use serde_json::Value;
use std::io::{BufReader, Read, Write};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, sleep_until};
use xact_codegen::Stop;
use xact_codegen::watch::ProjectChanges;
use xact_codegen::workspace::CheckedProject;

/// How long no key has to be pressed before a check begins. Keys of one word are farther apart; an editor that applies one
/// change to many files sends them within a millisecond or two.
const SETTLED: Duration = Duration::from_millis(10);

/// The project that is served.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The folder of the project; none for the one that is open in the editor.
    pub root: Option<PathBuf>,
    /// A Postgres for throwaway databases; none for a private one.
    pub server: Option<String>,
}

/// Why a client is no longer served.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServiceError {
    /// A stream broke, or a thread cannot be started.
    Io(std::io::Error),
    /// The client sent bytes that are no message, so that the next one cannot be found.
    NoMessage(String),
    /// The client ended without `shutdown`.
    NoShutdown,
}

impl std::fmt::Display for ServiceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the connection to the editor broke: {error}"),
            Self::NoMessage(found) => write!(
                f,
                "the editor sent `{}`, which is no header of a message",
                found.escape_debug()
            ),
            Self::NoShutdown => write!(f, "the editor ended without `shutdown`"),
        }
    }
}

impl std::error::Error for ServiceError {}

/// Serves one client until it sends `exit` or closes its stream.
///
/// # Errors
/// If the client ends without `shutdown`, sends bytes that are no message, or a stream breaks.
///
/// # Cancellation
/// Dropping the future stops the check that is running, and removes the server of the project.
///
/// ```no_run
/// # async fn serve() -> Result<(), xact_lsp::ServiceError> {
/// xact_lsp::serve(xact_lsp::Options::default(), std::io::stdin(), std::io::stdout()).await
/// # }
/// ```
pub async fn serve(
    options: Options,
    input: impl Read + Send + 'static,
    output: impl Write,
) -> Result<(), ServiceError> {
    let messages = read_messages(input).map_err(ServiceError::Io)?;
    let session = Session::new(options.root.clone());
    let service = Service {
        options,
        session,
        output,
        project: None,
        due: None,
    };
    service.run(messages).await
}

/// Reads on a thread, because standard input cannot be read without blocking on every system. The thread ends with the stream
/// or with the process.
fn read_messages(
    input: impl Read + Send + 'static,
) -> std::io::Result<UnboundedReceiver<Result<Vec<u8>, FrameError>>> {
    let (sender, receiver) = unbounded_channel();
    let thread = std::thread::Builder::new().name("reader".to_owned());
    thread.spawn(move || {
        let mut input = BufReader::new(input);
        loop {
            let frame = match read_frame(&mut input) {
                Ok(Some(content)) => Ok(content),
                Ok(None) => return,
                Err(error) => Err(error),
            };
            let is_last = frame.is_err();
            if sender.send(frame).is_err() || is_last {
                return;
            }
        }
    })?;
    Ok(receiver)
}

/// An open project, and the changes of its files.
struct OpenProject {
    checker: Checker,
    /// None where the system does not let files be watched.
    files: Option<ProjectChanges>,
}

struct Service<W> {
    options: Options,
    session: Session,
    output: W,
    project: Option<OpenProject>,
    /// When the next check begins, if anything changed.
    due: Option<Instant>,
}

/// The next thing that happens.
enum Event {
    Message(Option<Result<Vec<u8>, FrameError>>),
    Checked(Box<Result<CheckedProject, Stop>>),
    FilesChanged,
    Due,
}

impl<W: Write> Service<W> {
    async fn run(
        mut self,
        mut messages: UnboundedReceiver<Result<Vec<u8>, FrameError>>,
    ) -> Result<(), ServiceError> {
        loop {
            match self.next_event(&mut messages).await {
                Event::Message(None) => return Err(ServiceError::NoShutdown),
                Event::Message(Some(Err(FrameError::Io(error)))) => {
                    return Err(ServiceError::Io(error));
                }
                Event::Message(Some(Err(FrameError::NoHeader(found)))) => {
                    return Err(ServiceError::NoMessage(found));
                }
                Event::Message(Some(Ok(content))) => {
                    let changes = self.session.count_changes();
                    match self.session.receive(&content) {
                        Flow::Continue => {}
                        Flow::Open(root) => self.open_project(root)?,
                        Flow::Exit { is_orderly: true } => return Ok(()),
                        Flow::Exit { is_orderly: false } => return Err(ServiceError::NoShutdown),
                    }
                    // Questions do not postpone the check.
                    if self.session.count_changes() > changes {
                        self.due = Some(Instant::now() + SETTLED);
                    }
                }
                Event::Checked(result) => self.session.receive_check(*result),
                Event::FilesChanged => self.due = Some(Instant::now()),
                Event::Due => self.begin_check(),
            }
            self.send().map_err(ServiceError::Io)?;
        }
    }

    async fn next_event(
        &mut self,
        messages: &mut UnboundedReceiver<Result<Vec<u8>, FrameError>>,
    ) -> Event {
        let due = self.due.filter(|_| self.project.is_some());
        let (result, files_change) = match &mut self.project {
            Some(project) => (
                Some(project.checker.next_result()),
                Some(&mut project.files),
            ),
            None => (None, None),
        };
        let files_change = async {
            match files_change {
                Some(Some(files)) => files.wait_for_next().await,
                _ => std::future::pending().await,
            }
        };
        let result = async {
            match result {
                Some(result) => result.await,
                None => std::future::pending().await,
            }
        };
        let is_due = async {
            match due {
                Some(due) => sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            // In this order: a question that is waiting is about the text that was typed before it.
            biased;
            message = messages.recv() => Event::Message(message),
            result = result => Event::Checked(Box::new(result)),
            () = files_change => Event::FilesChanged,
            () = is_due => Event::Due,
        }
    }

    fn open_project(&mut self, root: PathBuf) -> Result<(), ServiceError> {
        // Invariant: files are watched before they are read, so that no change falls between.
        let files = ProjectChanges::watch_project(&root);
        let files = files.inspect_err(|failure| {
            let message = format!("changes of files on disk are not noticed: {failure}");
            self.session.log(MessageType::Warning, &message);
        });
        let checker =
            Checker::start(root, self.options.server.clone()).map_err(ServiceError::Io)?;
        self.project = Some(OpenProject {
            checker,
            files: files.ok(),
        });
        self.due = Some(Instant::now());
        Ok(())
    }

    fn begin_check(&mut self) {
        self.due = None;
        if let Some(project) = &self.project {
            project.checker.check(self.session.take_changes());
        }
    }

    fn send(&mut self) -> std::io::Result<()> {
        for message in self.session.take_outgoing() {
            write_frame(&mut self.output, &to_bytes(&message))?;
        }
        Ok(())
    }
}

fn to_bytes(message: &Value) -> Vec<u8> {
    message.to_string().into_bytes()
}
