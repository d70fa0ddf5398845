//! `xact dev status`: the server and its databases, on standard output.

use crate::report;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use xact_codegen::local::{DatabaseSize, LocalServer};
use xact_codegen::migrate::apply;
use xact_codegen::migrate::apply::{Folder, Session};
use xact_codegen::{Failure, Stop};
use xact_server::LocalState;

/// The exit code when there is something to bring up.
const WAITING: u8 = 3;

/// The status.
#[derive(Debug, Serialize)]
struct View {
    /// `running`, `stopped`, `absent`, or `given` for a server by URL.
    server: &'static str,
    pid: Option<i32>,
    port: Option<u16>,
    folder: Option<String>,
    branch: String,
    database: String,
    exists: bool,
    pending: Option<usize>,
    up_to_date: bool,
    databases: Vec<SizeView>,
}

#[derive(Debug, Serialize)]
struct SizeView {
    name: String,
    bytes: i64,
}

/// For people.
pub(super) async fn print_text(server: &LocalServer, project: &Path) -> Result<ExitCode, Stop> {
    let view = build_view(server, project).await?;
    let mut text = format!("server    {}", view.server);
    // Writing to a `String` cannot fail.
    if let (Some(pid), Some(port)) = (view.pid, view.port) {
        let _ = write!(text, ", process {pid}, 127.0.0.1:{port}");
    }
    if let Some(folder) = &view.folder {
        let _ = write!(text, ", in {folder}");
    }
    let state = match (view.exists, view.pending) {
        (false, _) if view.server == "stopped" => "asleep: `xact dev up`".to_owned(),
        (false, _) => "not there yet: `xact dev up`".to_owned(),
        (true, Some(0)) => "up to date".to_owned(),
        (true, Some(pending)) => format!("{pending} migrations wait: `xact dev up`"),
        (true, None) => "action is required: `xact migrate status`".to_owned(),
    };
    let _ = write!(
        text,
        "\nbranch    {}\ndatabase  {}, {state}\n",
        view.branch, view.database
    );
    for SizeView { name, bytes } in &view.databases {
        let mark = if *name == view.database { "*" } else { " " };
        let _ = writeln!(text, "        {mark} {name} ({} MB)", bytes / 1_000_000);
    }
    report::print_result(&text)?;
    Ok(exit_code(&view))
}

/// For tools.
pub(super) async fn print_json(server: &LocalServer, project: &Path) -> Result<ExitCode, Stop> {
    let view = build_view(server, project).await?;
    let text = serde_json::to_string_pretty(&view)
        .map_err(|error| Failure::Internal(format!("writing the status: {error}")))?;
    report::print_result(&(text + "\n"))?;
    Ok(exit_code(&view))
}

fn exit_code(view: &View) -> ExitCode {
    if view.up_to_date {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(WAITING)
    }
}

async fn build_view(server: &LocalServer, project: &Path) -> Result<View, Stop> {
    let state = server
        .cluster
        .as_ref()
        .map(xact_server::LocalCluster::state);
    let (word, running) = match state {
        None => ("given", None),
        Some(LocalState::Absent) => ("absent", None),
        Some(LocalState::Stopped) => ("stopped", None),
        Some(LocalState::Running { pid, port }) => ("running", Some((pid, port))),
    };
    let databases = if server.is_running() {
        server.databases().await?
    } else {
        Vec::new()
    };
    let exists = databases
        .iter()
        .any(|database| database.name == server.place.database);
    let pending = if exists {
        count_pending(server, project).await?
    } else {
        None
    };
    let folder = server
        .cluster
        .as_ref()
        .map(|cluster| cluster.folder().display().to_string());
    Ok(View {
        server: word,
        pid: running.map(|(pid, _)| pid),
        port: running.map(|(_, port)| port),
        folder,
        branch: server.place.branch.clone(),
        database: server.place.database.clone(),
        exists,
        pending,
        up_to_date: pending == Some(0),
        databases: databases.into_iter().map(view_size).collect(),
    })
}

/// The number of pending migrations; nothing if action is required first.
async fn count_pending(server: &LocalServer, project: &Path) -> Result<Option<usize>, Stop> {
    let folder = Folder::read(project)?;
    let options = server.options(&server.place.database)?;
    let mut session = Session::open(options).await?;
    let status = apply::status(&mut session, &folder).await?;
    Ok((!status.is_wrong()).then(|| status.pending()))
}

fn view_size(DatabaseSize { name, bytes }: DatabaseSize) -> SizeView {
    SizeView { name, bytes }
}
