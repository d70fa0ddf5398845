//! The diagnostics of all stages so far: a stage hands over its own with its result.

use super::Stop;
use super::diagnostic::{self, Diagnostic, Severity};

/// The diagnostics that were found so far, unsorted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings(Vec<Diagnostic>);

impl Findings {
    /// Keeps the diagnostics of a stage; gives its result.
    pub(crate) fn keep<T>(&mut self, (result, found): (T, Vec<Diagnostic>)) -> T {
        self.0.extend(found);
        result
    }

    /// Keeps more diagnostics.
    pub(crate) fn extend(&mut self, found: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(found);
    }

    /// The failure as it is, or all diagnostics, those of the last stage among them.
    pub(crate) fn stop(mut self, stop: Stop) -> Stop {
        match stop {
            Stop::Diagnostics(found) => {
                self.0.extend(found);
                Stop::Diagnostics(self.into_sorted())
            }
            failure @ Stop::Failure(_) => failure,
        }
    }

    /// The warnings, sorted, if there is nothing else.
    ///
    /// # Errors
    /// All diagnostics, sorted, if one is an error.
    pub(crate) fn into_warnings(self) -> Result<Vec<Diagnostic>, Stop> {
        let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
        let failed = self.0.iter().any(is_error);
        let sorted = self.into_sorted();
        if failed {
            Err(Stop::Diagnostics(sorted))
        } else {
            Ok(sorted)
        }
    }

    /// All of them, in the order in which they were found.
    pub(crate) fn into_unsorted(self) -> Vec<Diagnostic> {
        self.0
    }

    /// All of them, sorted.
    pub(crate) fn into_sorted(mut self) -> Vec<Diagnostic> {
        diagnostic::sort(&mut self.0);
        self.0
    }
}
