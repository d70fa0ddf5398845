//! Diagnostics and failures on standard error, with the exit code that goes with them; answers on
//! standard output.

use super::{FAILURE, PROJECT};
use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::process::ExitCode;
use xact_codegen::diagnostic::{Diagnostic, Severity, Style, render};
use xact_codegen::{Failure, Stop};

/// Begins on an empty screen, where there is one.
pub(super) fn clear_screen() {
    if std::io::stderr().is_terminal() {
        eprint!("\x1b[H\x1b[2J");
    }
}

/// Prints diagnostics as they are.
pub(super) fn diagnostics(diagnostics: &[Diagnostic]) {
    eprint!("{}", render(diagnostics, style()));
}

/// Prints why nothing was done.
pub(super) fn stop(stop: &Stop) -> ExitCode {
    match stop {
        Stop::Failure(failure) => self::failure(failure),
        Stop::Diagnostics(found) => {
            diagnostics(found);
            let errors = found
                .iter()
                .filter(|d| d.severity == Severity::Error)
                .count();
            let noun = if errors == 1 { "error" } else { "errors" };
            eprintln!("{errors} {noun}; nothing was written");
            ExitCode::from(PROJECT)
        }
    }
}

/// Prints what was asked for. Whoever reads may have seen enough before its end.
pub(super) fn answer(text: &str) -> Result<(), Failure> {
    let mut output = std::io::stdout().lock();
    match output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
    {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::io("write", "standard output")(error))
        }
        _ => Ok(()),
    }
}

/// Prints what is wrong with the machine.
pub(super) fn failure(failure: &Failure) -> ExitCode {
    eprintln!("error: {failure}");
    ExitCode::from(FAILURE)
}

/// Colour for people, unless they said otherwise (<https://no-color.org>).
fn style() -> Style {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if std::io::stderr().is_terminal() && !refused {
        Style::Colour
    } else {
        Style::Plain
    }
}
