//! `xact lsp`: serves an editor until it ends.

use crate::{FAILURE, PROJECT};
use std::path::PathBuf;
use std::process::ExitCode;
use xact_lsp::{Options, ServiceError, serve};

/// Serves on standard input and output. Without a named project it is the one that is open in the editor.
pub(super) async fn run_lsp(root: Option<PathBuf>, server: Option<&str>) -> ExitCode {
    let server = server.map(str::to_owned);
    let service = serve(
        Options { root, server },
        std::io::stdin(),
        std::io::stdout(),
    );
    match Box::pin(service).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            // "The server should exit with success code 0 if the shutdown request has been received before; otherwise with
            // error code 1."
            ExitCode::from(match error {
                ServiceError::NoShutdown => PROJECT,
                _ => FAILURE,
            })
        }
    }
}
