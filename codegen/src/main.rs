//! The `xact` command: reads its arguments, runs, reports, and cleans up when interrupted.

mod cli;

use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    let arguments = cli::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: cannot start the runtime: {error}");
            return ExitCode::from(cli::FAILURE);
        }
    };
    runtime.block_on(run(arguments))
}

/// Runs the command. On a signal the command's future is dropped, which stops and removes the
/// throwaway server, and the exit code is the one a shell expects: 128 and the signal's number.
async fn run(arguments: cli::Arguments) -> ExitCode {
    let handlers = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    );
    let (Ok(mut interrupt), Ok(mut terminate)) = handlers else {
        eprintln!("error: cannot listen for signals");
        return ExitCode::from(cli::FAILURE);
    };
    tokio::select! {
        // In this order: the manner of speaking is set before anything is shown.
        biased;
        code = cli::run(arguments) => code,
        never = cli::progress::show() => match never {},
        _ = interrupt.recv() => ExitCode::from(130),
        _ = terminate.recv() => ExitCode::from(143),
    }
}
