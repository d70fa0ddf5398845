//! `xact mcp`: the protocol on standard input and output, and the page for agents.

use crate::command_line::xact;
use crate::server;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

const BEGIN: &str = concat!(
    r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"0"}}}"#,
    "\n",
    r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
    "\n",
    r#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#,
    "\n",
);

fn start(command: &mut Command) -> (Child, BufReader<ChildStdout>) {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    (child, output)
}

/// The list of tools; every line of standard output is a message of the protocol.
fn read_tools(child: &mut Child, output: &mut BufReader<ChildStdout>) -> String {
    let input = child.stdin.as_mut().unwrap();
    input.write_all(BEGIN.as_bytes()).unwrap();
    input.flush().unwrap();
    loop {
        let mut line = String::new();
        assert!(output.read_line(&mut line).unwrap() > 0, "it ended");
        assert!(line.starts_with('{'), "{line}");
        if line.contains("\"id\":2") {
            return line;
        }
    }
}

fn wait(child: &mut Child) -> i32 {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().unwrap();
        }
        assert!(Instant::now() < deadline, "it still runs");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn it_serves_the_project_until_standard_input_ends() {
    let (mut child, mut output) = start(&mut xact(Path::new(ROOT), &["mcp"]));
    let tools = read_tools(&mut child, &mut output);
    assert!(tools.contains("\"explain\""), "{tools}");
    drop(child.stdin.take());
    assert_eq!(wait(&mut child), 0);
}

#[test]
fn a_signal_ends_it_though_standard_input_is_open() {
    let (mut child, mut output) = start(&mut xact(Path::new(ROOT), &["mcp"]));
    read_tools(&mut child, &mut output);
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    assert_eq!(wait(&mut child), 143);
}

#[tokio::test]
async fn it_serves_a_scope_of_the_database_that_is_given() {
    let test = xact::testing::TestDatabase::isolated_from("../migrations")
        .await
        .unwrap();
    let arguments = [
        "mcp",
        "--scope",
        "customer",
        "--setting",
        "user_id=usr_1",
        "--setting",
        "organization_id=org_1",
        "--database",
        &test.url(),
        "--allow-writes",
        "bookmarks_create",
    ];
    let mut command = xact(Path::new(ROOT), &arguments);
    command.env("XACT_SERVER_URL", server::url().await);
    let (mut child, mut output) = start(&mut command);
    let tools = read_tools(&mut child, &mut output);
    assert!(tools.contains("\"bookmarks_create\""), "{tools}");
    assert!(!tools.contains("\"bookmarks_delete\""), "{tools}");
    drop(child.stdin.take());
    assert_eq!(wait(&mut child), 0);
}

#[tokio::test]
async fn a_setting_without_a_value_is_named() {
    let test = xact::testing::TestDatabase::isolated_from("../migrations")
        .await
        .unwrap();
    let url = test.url();
    let arguments = ["mcp", "--scope", "customer", "--database", &url];
    let mut command = xact(Path::new(ROOT), &arguments);
    command.env("XACT_SERVER_URL", server::url().await);
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("add --setting user_id=VALUE --setting organization_id=VALUE"),
        "{said}"
    );
}

#[test]
fn init_writes_the_page_for_agents_and_keeps_the_one_that_is_there() {
    let folder = tempfile::Builder::new().prefix("shop").tempdir().unwrap();
    let page = folder.path().join("AGENTS.md");
    let init = |arguments: &[&str]| {
        let output = xact(folder.path(), arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stderr).unwrap()
    };
    init(&["init"]);
    assert!(!page.exists(), "it was not asked for");
    let said = init(&["init", "--agents"]);
    assert!(said.contains("wrote: AGENTS.md"), "{said}");
    std::fs::write(&page, "ours").unwrap();
    let said = init(&["init", "--agents"]);
    assert!(said.contains("left: AGENTS.md"), "{said}");
    assert_eq!(std::fs::read_to_string(&page).unwrap(), "ours");
}

/// The page is true: its table and its queries are a project without an error or a warning.
#[tokio::test]
async fn the_examples_of_the_page_for_agents_generate() {
    let page = include_str!("../../codegen/src/init/files/AGENTS.md");
    let blocks: Vec<&str> = page
        .split("```sql\n")
        .skip(1)
        .map(|block| block.split("```").next().unwrap())
        .collect();
    let [migration, queries] = blocks.as_slice() else {
        panic!("a table and its queries: {blocks:?}");
    };
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("migrations/20250101000000_tasks.up.sql", migration),
        ("queries/tasks.sql", queries),
    ] {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let generated = server::generate(folder.path()).await.unwrap();
    assert!(generated.warnings.is_empty(), "{:?}", generated.warnings);
    assert_eq!(generated.queries, page.matches("\n-- name: ").count());
    // Its commands are commands.
    let commands = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `cargo xact "));
    for command in commands {
        let name = command.split([' ', '`']).next().unwrap();
        let help = xact(folder.path(), &[name, "--help"]).output().unwrap();
        assert!(help.status.success(), "{name}");
    }
}
