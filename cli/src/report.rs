//! Prints diagnostics, failures, progress and results.
//!
//! Progress goes to standard error, results to standard output. Diagnostics for tools
//! (`--format json`, `--format github`) go to standard output too, a line each.

use crate::{FAILURE, PROJECT, progress};
use clap::ValueEnum;
use std::fmt;
use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::OnceLock;
use terminal_size::{Width, terminal_size_of};
use xact_codegen::database::Choice;
use xact_codegen::report::diagnostic::{self, Diagnostic, Severity, Style, render, render_within};
use xact_codegen::{Failure, Stop};

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, on standard error.
    #[default]
    #[value(alias = "text")]
    Human,
    /// One JSON object a line, on standard output.
    Json,
    /// Annotations of a pull request, on standard output; and for people, in the log.
    Github,
}

/// The output options.
#[derive(Debug)]
pub(crate) struct OutputOptions {
    /// How diagnostics are written.
    pub(crate) format: Format,
    /// Whether only diagnostics and results are printed.
    pub(crate) quiet: bool,
    /// The folder of the project.
    pub(crate) project: PathBuf,
}

/// Of this process: there is one command line.
static OUTPUT_OPTIONS: OnceLock<OutputOptions> = OnceLock::new();

/// Sets the output options. Only the first call counts.
pub(super) fn set_output_options(options: OutputOptions) {
    let _ = OUTPUT_OPTIONS.set(options);
    xact_codegen::report::activity::at_its_end(progress::clear_line);
}

/// How diagnostics are written.
pub(super) fn output_format() -> Format {
    OUTPUT_OPTIONS
        .get()
        .map_or(Format::Human, |options| options.format)
}

pub(super) fn is_quiet() -> bool {
    OUTPUT_OPTIONS.get().is_some_and(|options| options.quiet)
}

/// Prints progress, unless `--quiet` is given; `say!` calls it.
pub(super) fn print_progress(text: fmt::Arguments<'_>) {
    if !is_quiet() {
        progress::clear_line();
        eprintln!("{text}");
    }
}

/// Prints a line of progress, as `eprintln!` would, unless `--quiet` is given.
macro_rules! say {
    ($($text:tt)*) => {
        $crate::report::print_progress(format_args!($($text)*))
    };
}
pub(super) use say;

/// Prints which Postgres runs the throwaway database if it is the embedded one, which users may not expect.
pub(super) fn report_server(server: Option<&str>) {
    if let Ok(choice @ Choice::Embedded(_)) = Choice::of(server) {
        say!("using {choice}");
    }
}

/// Begins on an empty screen, where there is one.
pub(super) fn clear_screen() {
    // In a file, the codes would be part of the text.
    if std::io::stderr().is_terminal() {
        eprint!("\x1b[H\x1b[2J");
    }
}

/// Prints diagnostics as they are.
pub(super) fn print_diagnostics(diagnostics: &[Diagnostic]) {
    progress::clear_line();
    if output_format() != Format::Json {
        let style = output_style();
        let text = match terminal_size_of(std::io::stderr()) {
            Some((Width(columns), _)) => render_within(diagnostics, style, columns.into()),
            None => render(diagnostics, style),
        };
        eprint!("{text}");
    }
    let line: fn(&Diagnostic) -> String = match output_format() {
        Format::Human => return,
        Format::Json => diagnostic::json,
        Format::Github => |found| diagnostic::github(found, &in_repository()),
    };
    let text: String = diagnostics.iter().map(|d| line(d) + "\n").collect();
    // A reader may close the pipe early.
    let _ = print_result(&text);
}

/// Prints the reason why nothing was done.
pub(super) fn print_stop(stop: &Stop) -> ExitCode {
    match stop {
        Stop::Failure(failure) => print_failure(failure),
        Stop::Diagnostics(found) => {
            print_diagnostics(found);
            print_progress(format_args!("{}; nothing was written", count_errors(found)));
            ExitCode::from(PROJECT)
        }
    }
}

/// Prints the reason why a command on a database stopped, which may have done a part: each error says of which.
pub(super) fn print_refusal(stop: &Stop) -> ExitCode {
    match stop {
        Stop::Failure(failure) => print_failure(failure),
        Stop::Diagnostics(found) => {
            print_diagnostics(found);
            print_progress(format_args!("{}", count_errors(found)));
            ExitCode::from(PROJECT)
        }
    }
}

fn count_errors(found: &[Diagnostic]) -> String {
    let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
    match found.iter().filter(is_error).count() {
        1 => "1 error".to_owned(),
        count => format!("{count} errors"),
    }
}

/// Prints a result. A reader that closes the pipe early, as `head` does, is no error.
pub(super) fn print_result(text: &str) -> Result<(), Failure> {
    progress::clear_line();
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

/// Prints a failure of the machine.
pub(super) fn print_failure(failure: &Failure) -> ExitCode {
    progress::clear_line();
    eprintln!("error: {failure}");
    let message = failure.to_string();
    let line = match output_format() {
        Format::Human => return ExitCode::from(FAILURE),
        Format::Json => diagnostic::failure_json(&message),
        Format::Github => diagnostic::failure_github(&message),
    };
    let _ = print_result(&(line + "\n"));
    ExitCode::from(FAILURE)
}

/// The folder of the project, as seen from the folder of the repository where GitHub runs.
fn in_repository() -> PathBuf {
    let project = OUTPUT_OPTIONS
        .get()
        .map_or(Path::new("."), |options| &options.project);
    let whole = project.canonicalize();
    let workspace = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
    match (whole, workspace.and_then(|path| path.canonicalize().ok())) {
        (Ok(whole), Some(workspace)) => whole
            .strip_prefix(workspace)
            .map_or(project.to_owned(), Path::to_owned),
        _ => project.to_owned(),
    }
}

/// Colour on terminals, unless the environment decides otherwise (<https://no-color.org>, <https://bixense.com/clicolors>).
pub(super) fn output_style() -> Style {
    // CLICOLOR_FORCE wins over NO_COLOR, because a user who sets both wants colour in this one command.
    let wanted = anstyle_query::clicolor_force();
    let refused = anstyle_query::no_color() || anstyle_query::clicolor() == Some(false);
    let shown = std::io::stderr().is_terminal() && anstyle_query::term_supports_color();
    if wanted || (shown && !refused) {
        Style::Colour
    } else {
        Style::Plain
    }
}
