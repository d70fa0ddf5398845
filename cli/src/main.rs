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
mod interruption;
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
use interruption::Interruption;
use std::process::ExitCode;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use xact_codegen::report::activity;

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
    let interruption = arguments.interruption();
    let end = runtime.block_on(run(arguments));
    if reads_input {
        // Surprise: dropping the runtime waits for a read of standard input, which on a terminal only ends with a line.
        runtime.shutdown_timeout(LAST_READ);
    } else {
        // Waits for a server that is about to start, and so removes its folder.
        drop(runtime);
    }
    report_end(end, interruption)
}

/// How long a read of standard input is waited for after a signal: longer than an embedded server takes to start, whose folder is
/// removed by its thread.
const LAST_READ: Duration = Duration::from_secs(3);

/// How a command ended.
enum End {
    /// By itself.
    Code(ExitCode),
    /// By a signal of this number, in a phase.
    Signal(u8, Option<String>),
}

/// Gives the exit code; after a signal it is the one a shell expects: 128 and the signal's number.
fn report_end(end: End, interruption: Interruption) -> ExitCode {
    match end {
        End::Code(code) => code,
        End::Signal(number, phase) => {
            interruption.report(phase.as_deref());
            ExitCode::from(128 + number)
        }
    }
}

/// Runs the command. On a signal the command's future is dropped, which stops and removes the throwaway server.
async fn run(arguments: Arguments) -> End {
    let handlers = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    );
    let (Ok(mut interrupt), Ok(mut terminate)) = handlers else {
        eprintln!("error: cannot listen for signals");
        return End::Code(ExitCode::from(FAILURE));
    };
    let signalled = async {
        let number = tokio::select! {
            _ = interrupt.recv() => 2,
            _ = terminate.recv() => 15,
        };
        // Here, because the phase ends when the command is dropped.
        End::Signal(number, activity::now())
    };
    tokio::select! {
        // In this order: the output options are set before anything is shown.
        biased;
        code = arguments::run(arguments) => End::Code(code),
        never = progress::show_progress() => match never {},
        end = signalled => end,
    }
}
