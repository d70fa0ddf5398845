//! `cargo xact …`, as cargo runs it where the tool is installed: becomes the `xact` beside it.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    // Cargo repeats the name of the subcommand: `cargo-xact xact codegen`.
    let mut arguments = std::env::args_os().skip(1).peekable();
    arguments.next_if(|first| first == "xact");
    let beside = std::env::current_exe().map(|own| own.with_file_name("xact"));
    let error = match beside {
        Ok(path) => Command::new(path).args(arguments).exec(),
        Err(error) => error,
    };
    eprintln!("error: cannot run the `xact` beside `cargo-xact`: {error}");
    eprintln!("help: install both with `cargo install xact-cli`");
    ExitCode::from(2)
}
