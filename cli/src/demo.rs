//! `xact demo`: the whole road once, with the time that each step takes.
//!
//! A server, the migrations, the generated module, and the project's `examples/demo.rs` on the database
//! that is there then. The server is removed at the end.

use crate::report::{self, say};
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;
use xact_codegen::database::{Choice, Database, Left};
use xact_codegen::migrate::apply::Folder;
use xact_codegen::{Failure, Stop, generate_in, output, rust};

/// The program, in the folder of the project.
const PROGRAM: &str = "examples/demo.rs";

/// Shows everything once.
pub(super) async fn run_demo(project: &Path, server: Option<&str>) -> ExitCode {
    let done = try_demo(project, server).await;
    done.unwrap_or_else(|stop| report::print_stop(&stop))
}

async fn try_demo(project: &Path, server: Option<&str>) -> Result<ExitCode, Stop> {
    let folder = Folder::read(project)?;
    let start = Instant::now();
    let choice = Choice::of(server)?;
    let mut database = Database::start(&choice).await?;
    say!("started {choice} ({})", format_elapsed(start));

    let start = Instant::now();
    let migrations: Vec<_> = folder.migrations.iter().collect();
    database.build(&migrations).await?;
    say!(
        "applied {} migrations ({})",
        migrations.len(),
        format_elapsed(start)
    );

    let start = Instant::now();
    let generated = generate_in(&mut database, project).await?;
    report::print_diagnostics(&generated.warnings);
    let changes = output::write(project, rust::FOLDER, &generated.files)?;
    say!(
        "generated the module of {} queries: {} files, {} of them up to date already ({})",
        generated.queries,
        generated.files.len(),
        changes.unchanged,
        format_elapsed(start)
    );

    let left = database.leave().await?;
    let code = run_program(project, &left).await;
    left.stop().await?;
    Ok(code?)
}

/// Builds and runs the program on the database.
async fn run_program(project: &Path, left: &Left) -> Result<ExitCode, Failure> {
    if !project.join(PROGRAM).exists() {
        say!("there is no `{PROGRAM}` to run on it");
        return Ok(ExitCode::SUCCESS);
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(&cargo);
    command.args(["run", "--quiet", "--example", "demo"]);
    command.current_dir(project).env("DATABASE_URL", &left.url);
    if left.one_connection {
        command
            .env("DATABASE_POOL_SIZE", "1")
            .env("DATABASE_MAX_OVERFLOW", "0");
    }
    say!("building and running `{PROGRAM}` on it:\n");
    let start = Instant::now();
    let running = tokio::task::spawn_blocking(move || command.status()).await;
    let status = running
        .unwrap_or_else(|error| Err(std::io::Error::other(error)))
        .map_err(Failure::io("run", cargo))?;
    say!(
        "\n`{PROGRAM}` ended ({}); the database is removed",
        format_elapsed(start)
    );
    Ok(ExitCode::from(
        status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(crate::FAILURE),
    ))
}

fn format_elapsed(start: Instant) -> String {
    format!("{:.1} s", start.elapsed().as_secs_f64())
}
