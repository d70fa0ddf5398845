//! The `xact` command: reads its arguments, runs, reports, and cleans up when interrupted.

mod arguments;

mod annotate;
mod codegen;
mod codes;
mod completions;
mod database;
mod describe;
mod dev;
mod examples;
mod explain;
mod init;
mod lint;
#[cfg(feature = "lsp")]
mod lsp;
#[cfg(feature = "mcp")]
mod mcp;
mod migrate;
mod progress;
mod prove;
mod report;
mod schema;
mod stats;
mod wait;
mod watch;

use arguments::Arguments;
use std::process::ExitCode;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// The exit code when the project is wrong.
const PROJECT: u8 = 1;
/// The exit code when the machine is wrong.
const FAILURE: u8 = 2;

fn main() -> ExitCode {
    let arguments = arguments::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: cannot start the runtime: {error}");
            return ExitCode::from(FAILURE);
        }
    };
    let reads_input = arguments.reads_input();
    let code = runtime.block_on(run(arguments));
    if reads_input {
        // Surprise: dropping the runtime waits for a read of standard input, which on a terminal only ends with a line.
        runtime.shutdown_timeout(LAST_READ);
    }
    // Otherwise it waits for a server that is about to start, and so removes its folder.
    code
}

/// How long a read of standard input is waited for after a signal: longer than an embedded server takes to start, whose folder is
/// removed by its thread.
const LAST_READ: Duration = Duration::from_secs(3);

/// Runs the command. On a signal the command's future is dropped, which stops and removes the
/// throwaway server, and the exit code is the one a shell expects: 128 and the signal's number.
async fn run(arguments: Arguments) -> ExitCode {
    let handlers = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    );
    let (Ok(mut interrupt), Ok(mut terminate)) = handlers else {
        eprintln!("error: cannot listen for signals");
        return ExitCode::from(FAILURE);
    };
    tokio::select! {
        // In this order: the output options are set before anything is shown.
        biased;
        code = arguments::run(arguments) => code,
        never = progress::show_progress() => match never {},
        _ = interrupt.recv() => ExitCode::from(130),
        _ = terminate.recv() => ExitCode::from(143),
    }
}
