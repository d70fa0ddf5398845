//! One client: its settings and files, the knowledge about its project, and the answer to each of its messages.
//!
//! Given: messages, and results of checks. Gives: messages to send, and the changes that the next check has to know of. It waits for
//! nothing and has no stream, so that a test is a list of messages.

mod capabilities;
mod files;
mod publish;
mod requests;

use crate::answers::{Context, HintOptions};
use crate::documents::Documents;
use crate::knowledge::Knowledge;
use crate::lines::Encoding;
use crate::paths::find_project;
use crate::wire::{ErrorCode, Incoming, RpcError, notification, response};
use gen_lsp_types::{InitializeParams, MessageType, ShowMessageParams, Uri};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use xact_codegen::config::Paths;
use xact_codegen::workspace::CheckedProject;
use xact_codegen::{Failure, Stop};

/// How far the client is: "Server lifecycle" of the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lifecycle {
    /// It has not introduced itself.
    Created,
    /// It asks and edits.
    Running,
    /// It asked for the end, and `exit` follows.
    ShutDown,
}

/// A file as it is in the editor from now on; none if the one on disk counts again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileChange {
    pub(crate) path: String,
    pub(crate) text: Option<String>,
}

/// The next step after a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// The next message is read.
    Continue,
    /// The project at this folder is opened.
    Open(PathBuf),
    /// The process ends; whether the client asked for it in order.
    Exit { is_orderly: bool },
}

/// Settings of the client, from `initializationOptions`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ClientOptions {
    inlay_hints: HintOptions,
}

/// The state of one client.
#[derive(Debug)]
pub(crate) struct Session {
    lifecycle: Lifecycle,
    /// The project that the command line names, if it names one.
    given_root: Option<PathBuf>,
    root: PathBuf,
    /// Where its files are: as in the configuration of the last check.
    paths: Paths,
    encoding: Encoding,
    options: ClientOptions,
    /// Whether the client fills in the places of a snippet.
    has_snippets: bool,
    /// Whether the client asks again for hints when it is told to.
    refreshes_hints: bool,
    /// The number of the last request to the client.
    last_request: i64,
    documents: Documents,
    knowledge: Option<Knowledge>,
    /// The files that have diagnostics in the editor.
    published: BTreeSet<Uri>,
    /// Whether the migrations were refused at the last check.
    is_stale: bool,
    /// The failure that was shown last, so that it is shown once.
    shown_failure: Option<String>,
    outgoing: Vec<Value>,
    changes: Vec<FileChange>,
}

impl Session {
    /// A client that has sent nothing yet.
    pub(crate) fn new(root: Option<PathBuf>) -> Self {
        Self {
            lifecycle: Lifecycle::Created,
            root: root.clone().unwrap_or_default(),
            given_root: root,
            paths: Paths::default(),
            encoding: Encoding::default(),
            options: ClientOptions::default(),
            has_snippets: false,
            refreshes_hints: false,
            last_request: 0,
            documents: Documents::default(),
            knowledge: None,
            published: BTreeSet::new(),
            is_stale: false,
            shown_failure: None,
            outgoing: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// The messages to send, in their order.
    pub(crate) fn take_outgoing(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.outgoing)
    }

    /// The changes since the last check was begun.
    pub(crate) fn take_changes(&mut self) -> Vec<FileChange> {
        std::mem::take(&mut self.changes)
    }

    pub(crate) fn count_changes(&self) -> usize {
        self.changes.len()
    }

    /// Takes one message.
    pub(crate) fn receive(&mut self, content: &[u8]) -> Flow {
        match Incoming::parse(content) {
            Ok(Incoming::Request { id, method, params }) => {
                self.receive_request(&id, &method, params)
            }
            Ok(Incoming::Notification { method, params }) => {
                self.receive_notification(&method, params)
            }
            Ok(Incoming::Answer) => Flow::Continue,
            Err(answer) => {
                self.outgoing.push(answer);
                Flow::Continue
            }
        }
    }

    fn receive_request(&mut self, id: &Value, method: &str, params: Value) -> Flow {
        let mut flow = Flow::Continue;
        let result = match (self.lifecycle, method) {
            (Lifecycle::Created, "initialize") => self.initialize(params).map(|(result, root)| {
                flow = Flow::Open(root);
                result
            }),
            (Lifecycle::Created, _) => Err(RpcError::new(
                ErrorCode::ServerNotInitialized,
                "`initialize` comes first",
            )),
            (_, "initialize") => Err(RpcError::new(
                ErrorCode::InvalidRequest,
                "`initialize` was sent before",
            )),
            (Lifecycle::ShutDown, _) => Err(RpcError::new(
                ErrorCode::InvalidRequest,
                "`shutdown` was sent before",
            )),
            (Lifecycle::Running, "shutdown") => {
                self.lifecycle = Lifecycle::ShutDown;
                Ok(Value::Null)
            }
            (Lifecycle::Running, _) => requests::answer(self, method, params),
        };
        self.outgoing.push(response(id, result));
        flow
    }

    fn receive_notification(&mut self, method: &str, params: Value) -> Flow {
        match (self.lifecycle, method) {
            (lifecycle, "exit") => {
                let is_orderly = lifecycle == Lifecycle::ShutDown;
                return Flow::Exit { is_orderly };
            }
            // "Notifications should be dropped, except for the exit notification."
            (Lifecycle::Created | Lifecycle::ShutDown, _) => {}
            (Lifecycle::Running, _) => {
                if let Err(error) = files::receive_change(self, method, params) {
                    self.log(
                        MessageType::Warning,
                        &format!("`{method}`: {}", error.message),
                    );
                }
            }
        }
        Flow::Continue
    }

    fn initialize(&mut self, params: Value) -> Result<(Value, PathBuf), RpcError> {
        let params: InitializeParams = read_params(params)?;
        let general = params.capabilities.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.clone());
        self.encoding = Encoding::choose(&offered.unwrap_or_default());
        self.has_snippets = capabilities::has_snippets(&params.capabilities);
        self.refreshes_hints = capabilities::refreshes_hints(&params.capabilities);
        if let Some(options) = params.initialization_options.clone() {
            self.options = serde_json::from_value(options).unwrap_or_else(|error| {
                self.show(
                    MessageType::Warning,
                    &format!("the options of the editor are not used: {error}"),
                );
                ClientOptions::default()
            });
        }
        let root = self.given_root.clone();
        let root = root.unwrap_or_else(|| find_project(&capabilities::find_folder(&params)));
        // Editors name files by their real paths, or by links; both are compared with this one.
        self.root = root.canonicalize().unwrap_or(root);
        self.paths = Paths::read(&self.root);
        self.lifecycle = Lifecycle::Running;
        let result = capabilities::describe_server(self.encoding);
        Ok((to_value(&result), self.root.clone()))
    }

    /// Takes the result of a check.
    pub(crate) fn receive_check(&mut self, result: Result<CheckedProject, Stop>) {
        match result {
            Ok(checked) => {
                self.shown_failure = None;
                self.report_stale(&checked);
                self.paths = checked.project.paths().clone();
                publish::publish(self, &checked.diagnostics);
                match &mut self.knowledge {
                    Some(knowledge) => knowledge.update(checked),
                    none => *none = Some(Knowledge::first(checked)),
                }
                self.refresh_hints();
            }
            Err(Stop::Diagnostics(found)) => {
                self.shown_failure = None;
                publish::publish(self, &found);
            }
            Err(Stop::Failure(failure)) => self.show_failure(&failure),
        }
    }

    /// Says once that the queries are checked against other migrations than those on disk.
    fn report_stale(&mut self, checked: &CheckedProject) {
        let is_stale = checked.stale.is_some();
        if is_stale && !self.is_stale {
            self.show(
                MessageType::Warning,
                "the migrations are refused, so the queries are checked against the last ones that were accepted",
            );
        } else if self.is_stale && !is_stale {
            self.log(MessageType::Info, "the migrations are accepted again");
        }
        self.is_stale = is_stale;
    }

    fn show_failure(&mut self, failure: &Failure) {
        let message = failure.to_string();
        if self.shown_failure.as_ref() != Some(&message) {
            self.show(MessageType::Error, &message);
        }
        self.shown_failure = Some(message);
    }

    /// Clients ask for hints when a file is edited, which is before the check of that edit is done.
    fn refresh_hints(&mut self) {
        if self.refreshes_hints {
            self.last_request += 1;
            let id = self.last_request;
            self.outgoing
                .push(serde_json::json!({ "jsonrpc": "2.0", "id": id, "method": "workspace/inlayHint/refresh" }));
        }
    }

    /// Shows a message to the user.
    pub(crate) fn show(&mut self, kind: MessageType, message: &str) {
        let message = message.to_owned();
        self.outgoing.push(notification(
            "window/showMessage",
            &ShowMessageParams { kind, message },
        ));
    }

    /// Writes a line into the client's log.
    pub(crate) fn log(&mut self, kind: MessageType, message: &str) {
        let message = message.to_owned();
        self.outgoing.push(notification(
            "window/logMessage",
            &ShowMessageParams { kind, message },
        ));
    }

    fn context(&self) -> Context<'_> {
        Context {
            root: &self.root,
            paths: &self.paths,
            encoding: self.encoding,
            documents: &self.documents,
            knowledge: self.knowledge.as_ref(),
        }
    }

    fn root(&self) -> &Path {
        &self.root
    }
}

/// The parameters of a message, or an error that names the field that is wrong.
fn read_params<P: DeserializeOwned>(params: Value) -> Result<P, RpcError> {
    serde_json::from_value(params)
        .map_err(|error| RpcError::new(ErrorCode::InvalidParams, error.to_string()))
}

/// A type of the protocol as JSON. Its maps have strings as keys, so this cannot fail.
fn to_value(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests;
