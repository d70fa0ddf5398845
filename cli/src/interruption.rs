//! The line of an interrupted command: what is left undone, and what stays.
//!
//! It is printed when the command and everything that it started have ended, so that it is true.

use crate::report::say;

/// What an interruption means to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interruption {
    /// The command runs until it is interrupted.
    IsUsual,
    /// It generates until it is interrupted; a generation writes all files or none.
    EndsWatch,
    /// It only reads.
    ChangesNothing,
    /// It writes files at its end, all or none, and what it tries is in a throwaway database.
    WritesNothing,
    /// It migrates, one migration after the other.
    StopsMigrating,
    /// It changes the local server, which stays.
    StopsLocalChange,
}

impl Interruption {
    /// That of a command that migrates, or only shows what it would do.
    pub(crate) fn of_migrating(only_shows: bool) -> Self {
        if only_shows {
            Self::ChangesNothing
        } else {
            Self::StopsMigrating
        }
    }

    /// Prints it. `phase` is what the command was doing.
    pub(crate) fn report(self, phase: Option<&str>) {
        if let Some(line) = self.describe(phase) {
            say!("{line}");
        }
    }

    fn describe(self, phase: Option<&str>) -> Option<String> {
        let rest = match (self, phase) {
            (Self::IsUsual, _) | (Self::EndsWatch, None) => return None,
            (Self::EndsWatch, Some(_)) => {
                "nothing more was written, and no throwaway server is left"
            }
            (Self::ChangesNothing, _) => "nothing was changed",
            (Self::WritesNothing, _) => "nothing was written, and no throwaway server is left",
            (Self::StopsMigrating, _) => {
                "the steps that were reported are done, and a migration in its transaction is rolled back; \
                 `xact migrate status` shows the others"
            }
            (Self::StopsLocalChange, _) => {
                "the steps that were reported are done; the same command does the others"
            }
        };
        let phase = phase.map(|phase| format!(" while {phase}"));
        Some(format!("interrupted{}: {rest}", phase.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::Interruption;

    #[test]
    fn the_line_names_the_phase_and_what_is_left_undone() {
        let line = Interruption::WritesNothing.describe(Some("applying 2 migrations"));
        let wanted = "interrupted while applying 2 migrations: nothing was written, and no throwaway server is left";
        assert_eq!(line.as_deref(), Some(wanted));
        let line = Interruption::ChangesNothing.describe(None);
        assert_eq!(line.as_deref(), Some("interrupted: nothing was changed"));
    }

    #[test]
    fn the_usual_end_of_a_command_needs_no_line() {
        let phase = Some("preparing 2 queries");
        assert_eq!(Interruption::IsUsual.describe(phase), None);
        assert_eq!(Interruption::EndsWatch.describe(None), None);
        assert!(Interruption::EndsWatch.describe(phase).is_some());
    }
}
