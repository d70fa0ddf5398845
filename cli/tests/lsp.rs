//! `xact lsp` as a process: it and its Postgres end with the editor, however that ends.

use crate::command_line::{project, query, xact};
use crate::processes::{is_alive, open_temp_folder};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PATH: &str = "queries/notes.sql";

/// A process that serves an editor, on a private server in a temp folder of its own.
struct Served {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    project: TempDir,
    temp: TempDir,
}

impl Served {
    /// Returns when the first check is done.
    fn start() -> Self {
        let project = project();
        let temp = open_temp_folder();
        let mut command = xact(project.path(), &["lsp"]);
        command.env("TMPDIR", temp.path());
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut served = Self {
            child,
            input,
            output,
            project,
            temp,
        };
        served.ask("initialize", &json!({ "capabilities": {} }));
        served.open("SELECT nope FROM notes");
        served.wait_for_code("unknown-column");
        served
    }

    fn uri(&self) -> String {
        let root = self.project.path().canonicalize().unwrap();
        format!("file://{}/{PATH}", root.display())
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        let input = self.input.as_mut().unwrap();
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
    }

    fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn ask(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }));
        while self.read()["id"] != 1 {}
    }

    fn open(&mut self, sql: &str) {
        let text = query("notes_list", sql);
        let document =
            json!({ "uri": self.uri(), "languageId": "sql", "version": 1, "text": text });
        self.notify("textDocument/didOpen", &json!({ "textDocument": document }));
    }

    fn change(&mut self, sql: &str) {
        let text = query("notes_list", sql);
        let identifier = json!({ "uri": self.uri(), "version": 2 });
        let params = json!({ "textDocument": identifier, "contentChanges": [{ "text": text }] });
        self.notify("textDocument/didChange", &params);
    }

    fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).unwrap();
            assert!(!line.is_empty(), "the output ended");
            match line.trim_end().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().unwrap(),
                None => break,
            }
        }
        let mut content = vec![0; length];
        self.output.read_exact(&mut content).unwrap();
        serde_json::from_slice(&content).unwrap()
    }

    fn wait_for_code(&mut self, code: &str) {
        loop {
            let message = self.read();
            let found = message["params"]["diagnostics"].as_array();
            if found.is_some_and(|found| found.iter().any(|diagnostic| diagnostic["code"] == code))
            {
                return;
            }
        }
    }

    fn postmaster(&self) -> i32 {
        let mut entries = std::fs::read_dir(self.temp.path())
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let file =
            entries.find_map(|path| std::fs::read_to_string(path.join("data/postmaster.pid")).ok());
        file.unwrap().lines().next().unwrap().parse().unwrap()
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// The exit status, once the process, its Postgres and their files are removed.
    fn wait(&mut self, postmaster: i32) -> ExitStatus {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let status = self.child.try_wait().unwrap();
            let is_empty = std::fs::read_dir(self.temp.path())
                .unwrap()
                .next()
                .is_none();
            let is_gone = !is_alive(postmaster);
            if let Some(status) = status.filter(|_| is_empty && is_gone) {
                return status;
            }
            assert!(
                Instant::now() < deadline,
                "{status:?}, files removed {is_empty}, Postgres ended {is_gone}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn nothing_is_left_after_shutdown_and_exit() {
    let mut served = Served::start();
    let postmaster = served.postmaster();
    served.ask("shutdown", &Value::Null);
    served.notify("exit", &Value::Null);
    assert_eq!(served.wait(postmaster).code(), Some(0));
}

#[test]
fn nothing_is_left_after_the_editor_closes_its_end() {
    let mut served = Served::start();
    let postmaster = served.postmaster();
    served.input = None;
    assert_eq!(served.wait(postmaster).code(), Some(1));
}

#[test]
fn nothing_is_left_after_garbage_and_after_signals() {
    let mut served = Served::start();
    let postmaster = served.postmaster();
    served
        .input
        .as_mut()
        .unwrap()
        .write_all(b"what?\r\n\r\n")
        .unwrap();
    assert_eq!(served.wait(postmaster).code(), Some(2));

    let mut served = Served::start();
    let postmaster = served.postmaster();
    served.signal(Signal::TERM);
    assert_eq!(served.wait(postmaster).code(), Some(143));

    let mut served = Served::start();
    let postmaster = served.postmaster();
    served.signal(Signal::KILL);
    assert_eq!(served.wait(postmaster).code(), None);
}

#[test]
fn a_server_that_died_is_started_again_for_the_next_edit() {
    let mut served = Served::start();
    let postmaster = Pid::from_raw(served.postmaster()).unwrap();
    kill_process(postmaster, Signal::INT).unwrap();
    served.change("SELECT id FROM notess");
    served.wait_for_code("unknown-table");
    let postmaster = served.postmaster();
    served.input = None;
    served.wait(postmaster);
}
