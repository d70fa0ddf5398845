//! An editor: it opens and changes files, asks, and remembers the diagnostics of each file.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, PipeReader, PipeWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use xact_lsp::{Options, ServiceError, serve};

/// The longest wait for an answer: the first check starts a server.
const PATIENCE: Duration = Duration::from_mins(2);

pub(crate) struct Editor {
    root: PathBuf,
    input: Option<PipeWriter>,
    messages: Receiver<Value>,
    service: Option<JoinHandle<Result<(), ServiceError>>>,
    last_id: i64,
    texts: BTreeMap<String, (i64, String)>,
    /// The diagnostics of each file, with the version that they are about.
    diagnostics: BTreeMap<String, (Option<i64>, Vec<Value>)>,
    pub(crate) shown: Vec<String>,
}

impl Editor {
    /// A server whose client has sent nothing.
    pub(crate) fn connect(root: &Path) -> Self {
        let root = root.canonicalize().unwrap();
        let (server_input, input) = std::io::pipe().unwrap();
        let (output, server_output) = std::io::pipe().unwrap();
        let service = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let served = serve(Options::default(), server_input, server_output);
            runtime.unwrap().block_on(Box::pin(served))
        });
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read_message(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            root,
            input: Some(input),
            messages,
            service: Some(service),
            last_id: 0,
            texts: BTreeMap::new(),
            diagnostics: BTreeMap::new(),
            shown: Vec::new(),
        }
    }

    /// A server that knows the folder of the project.
    pub(crate) fn open_project(root: &Path) -> Self {
        Self::open_project_with(root, &json!({}))
    }

    pub(crate) fn open_project_with(root: &Path, options: &Value) -> Self {
        let mut editor = Self::connect(root);
        let folder = json!({ "uri": editor.uri(""), "name": "project" });
        let completion = json!({ "completionItem": { "snippetSupport": true } });
        let params = json!({
            "processId": null,
            "workspaceFolders": [folder],
            "capabilities": { "textDocument": { "completion": completion } },
            "initializationOptions": options,
        });
        editor.ask("initialize", &params);
        editor.notify("initialized", &json!({}));
        editor
    }

    pub(crate) fn uri(&self, path: &str) -> String {
        format!("file://{}/{path}", self.root.display())
    }

    pub(crate) fn write_bytes(&mut self, bytes: &[u8]) {
        self.input.as_mut().unwrap().write_all(bytes).unwrap();
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.write_bytes(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub(crate) fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The result of a request.
    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> Value {
        let answer = self.ask_for_answer(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    pub(crate) fn ask_for_answer(&mut self, method: &str, params: &Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.messages.recv_timeout(PATIENCE).unwrap();
            if message["id"] == id && message.get("method").is_none() {
                return message;
            }
            self.take(&message);
        }
    }

    fn take(&mut self, message: &Value) {
        let params = &message["params"];
        match message["method"].as_str() {
            Some("textDocument/publishDiagnostics") => {
                let uri = params["uri"].as_str().unwrap().to_owned();
                let found = params["diagnostics"].as_array().unwrap().clone();
                self.diagnostics
                    .insert(uri, (params["version"].as_i64(), found));
            }
            Some("window/showMessage") => self
                .shown
                .push(params["message"].as_str().unwrap().to_owned()),
            _ => {}
        }
    }

    /// Waits until something is so, while messages arrive.
    pub(crate) fn wait_until(&mut self, event: &str, mut is_so: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_so(self) {
            let left = deadline.saturating_duration_since(Instant::now());
            let message = self.messages.recv_timeout(left);
            let message =
                message.unwrap_or_else(|_| panic!("waited for {event}: {:#?}", self.diagnostics));
            self.take(&message);
        }
    }

    pub(crate) fn open(&mut self, path: &str) {
        let text = std::fs::read_to_string(self.root.join(path)).unwrap_or_default();
        self.open_with(path, &text);
    }

    pub(crate) fn open_with(&mut self, path: &str, text: &str) {
        let document =
            json!({ "uri": self.uri(path), "languageId": "sql", "version": 1, "text": text });
        self.notify("textDocument/didOpen", &json!({ "textDocument": document }));
        self.texts.insert(path.to_owned(), (1, text.to_owned()));
    }

    /// Replaces a piece of an open file, as typing does.
    pub(crate) fn replace(&mut self, path: &str, old: &str, new: &str) {
        let (version, text) = self.texts.get_mut(path).unwrap();
        let at = text.find(old).unwrap();
        let range = json!({ "start": position(text, at), "end": position(text, at + old.len()) });
        text.replace_range(at..at + old.len(), new);
        *version += 1;
        let identifier =
            json!({ "uri": format!("file://{}/{path}", self.root.display()), "version": *version });
        let changes = json!([{ "range": range, "text": new }]);
        self.notify(
            "textDocument/didChange",
            &json!({ "textDocument": identifier, "contentChanges": changes }),
        );
    }

    /// The diagnostics of the text as it is now, each as `line code: first line of the message`.
    pub(crate) fn wait_for_diagnostics(&mut self, path: &str, expected: &[&str]) {
        let uri = self.uri(path);
        let mut last = Vec::new();
        let deadline = Instant::now() + PATIENCE;
        loop {
            last = self.diagnostics.get(&uri).map_or(last, |(_, found)| {
                found.iter().map(show_diagnostic).collect()
            });
            let is_expected = last.iter().map(String::as_str).eq(expected.iter().copied());
            if is_expected {
                return;
            }
            let left = deadline
                .saturating_duration_since(Instant::now())
                .min(Duration::from_secs(40));
            match self.messages.recv_timeout(left) {
                Ok(message) => self.take(&message),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => panic!(
                    "{path} has {last:#?}\nexpected {expected:#?}\nshown {:?}",
                    self.shown
                ),
            }
        }
    }

    pub(crate) fn diagnostics(&self, path: &str) -> &[Value] {
        self.diagnostics
            .get(&self.uri(path))
            .map_or(&[], |(_, found)| found)
    }

    /// The position of the first `needle`, and `skip` bytes further, in an open file.
    pub(crate) fn at(&self, path: &str, needle: &str, skip: usize) -> Value {
        let (_, text) = &self.texts[path];
        let at = text
            .find(needle)
            .unwrap_or_else(|| panic!("{needle} in {text}"));
        json!({ "textDocument": { "uri": self.uri(path) }, "position": position(text, at + skip) })
    }

    pub(crate) fn hover(&mut self, path: &str, needle: &str, skip: usize) -> String {
        let params = self.at(path, needle, skip);
        let hover = self.ask("textDocument/hover", &params);
        hover["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The places of definitions or references, each as `path:line`.
    pub(crate) fn places(
        &mut self,
        method: &str,
        path: &str,
        needle: &str,
        skip: usize,
    ) -> Vec<String> {
        let mut params = self.at(path, needle, skip);
        params["context"] = json!({ "includeDeclaration": true });
        let found = self.ask(&format!("textDocument/{method}"), &params);
        let prefix = self.uri("");
        let places = found.as_array().unwrap().iter().map(|place| {
            let path = place["uri"].as_str().unwrap().trim_start_matches(&prefix);
            let line = place["range"]["start"]["line"].as_i64().unwrap() + 1;
            format!("{path}:{line}")
        });
        places.collect()
    }

    pub(crate) fn completions(&mut self, path: &str, needle: &str) -> Vec<String> {
        let params = self.at(path, needle, needle.len());
        let list = self.ask("textDocument/completion", &params);
        let items = list["items"].as_array().unwrap().iter();
        items
            .map(|item| item["label"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Ends the connection without a word, and gives the result of the server.
    pub(crate) fn hang_up(mut self) -> Result<(), ServiceError> {
        self.input = None;
        self.service.take().unwrap().join().unwrap()
    }

    pub(crate) fn shut_down(mut self) -> Result<(), ServiceError> {
        self.ask("shutdown", &Value::Null);
        self.notify("exit", &Value::Null);
        self.service.take().unwrap().join().unwrap()
    }
}

fn show_diagnostic(diagnostic: &Value) -> String {
    let line = diagnostic["range"]["start"]["line"].as_i64().unwrap() + 1;
    let message = diagnostic["message"]
        .as_str()
        .unwrap()
        .lines()
        .next()
        .unwrap();
    format!("{line} {}: {message}", diagnostic["code"].as_str().unwrap())
}

/// In units of UTF-16, which is the default.
fn position(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": before.matches('\n').count(), "character": before[start..].encode_utf16().count() })
}

fn read_message(output: &mut BufReader<PipeReader>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        output.read_line(&mut line).ok()?;
        match line.trim_end() {
            "" if line.is_empty() => return None,
            "" => break,
            header => length = header.strip_prefix("Content-Length: ")?.parse().ok()?,
        }
    }
    let mut content = vec![0; length];
    output.read_exact(&mut content).ok()?;
    serde_json::from_slice(&content).ok()
}
