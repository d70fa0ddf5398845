//! A watch beside an editor with the same project: the editor's results, and no database of its own.

use crate::command_line::{query, xact};
use crate::open_project::{LIMIT, Together};
use crate::processes::wait_for;
use serde_json::json;
use std::io::{BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, Stdio};

/// `xact lsp`, with the project open.
struct Editor {
    child: Child,
    _input: ChildStdin,
}

impl Editor {
    /// Returns when the server has said `diagnostic`.
    fn open(together: &Together, diagnostic: &str) -> Self {
        let root = together.project.path().canonicalize().unwrap();
        let mut command = xact(&root, &["lsp"]);
        let command = command.env("TMPDIR", together.temp.path());
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let folder = json!({ "uri": format!("file://{}", root.display()), "name": "project" });
        let params = json!({ "processId": null, "workspaceFolders": [folder], "capabilities": {} });
        for message in [
            json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params }),
            json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }),
        ] {
            let text = message.to_string();
            write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        }
        let mut output = BufReader::new(child.stdout.take().unwrap()).bytes();
        let mut said = Vec::new();
        while !said.ends_with(diagnostic.as_bytes()) {
            said.push(output.next().unwrap().unwrap());
        }
        // An editor that reads no more would end the server.
        std::thread::spawn(move || output.for_each(drop));
        Self {
            child,
            _input: input,
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_watch_beside_an_editor_builds_no_database() {
    let together = Together::new();
    together.write("queries/notes.sql", &query("one", "SELECT idd FROM notes"));
    let editor = Editor::open(&together, "unknown-column");
    let databases = together.databases();
    let watch = together.watch();
    assert!(watch.log().contains("unknown-column"), "{}", watch.log());
    together.write("queries/notes.sql", &query("one", "SELECT id FROM notes"));
    watch.wait_for_run(2);
    assert!(together.generated("notes.rs").contains("fn one"));
    assert_eq!(together.databases(), databases);
    drop(editor);
    together.write("queries/notes.sql", &query("two", "SELECT id FROM notes"));
    watch.wait_for_run(3);
    assert!(together.generated("notes.rs").contains("fn two"));
    drop(watch);
    wait_for(LIMIT, "the servers to end", || !together.is_left());
}
