//! Why nothing was generated: the project, or the machine.

use super::Failure;
use super::diagnostic::Diagnostic;

/// Why nothing was generated.
#[derive(Debug)]
pub enum Stop {
    /// The project is wrong: everything that was found, sorted.
    Diagnostics(Vec<Diagnostic>),
    /// The machine is wrong.
    Failure(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}
