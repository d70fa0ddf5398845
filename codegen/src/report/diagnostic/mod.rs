//! Errors and warnings about the user's project: collected, sorted, and shown with their location in the source.
//!
//! A diagnostic never stops the tool at once: every stage reports all of its own. A failure
//! of the *machine* is a [`Failure`](crate::report::Failure) instead.

mod codes;
mod fix;
mod github;
mod json;
mod nearest;
mod postgres;
mod render;

pub use codes::{Code, RightInput, codes, explain_code, find_code};
pub use fix::Fix;
pub use github::{failure_github, github};
pub use json::{failure_json, json};
pub use nearest::nearest;
pub use postgres::from_postgres;
pub(crate) use postgres::{QUOTES, UNNAMED, refusal_of};
pub use render::{Style, render, render_within};

use crate::report::source::{Position, Span};
use serde::{Deserialize, Serialize};

/// The name of a [`Code`]. An alias, because serde would borrow a field that is written as a reference from the bytes that it reads.
pub type CodeName = &'static str;

/// An error or a warning about the project.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How serious it is.
    pub severity: Severity,
    /// A stable name in kebab case, e.g. `unknown-column`.
    #[serde(deserialize_with = "codes::deserialize_code")]
    pub code: CodeName,
    /// One line, lower case, no full stop.
    pub message: String,
    /// Where it is.
    pub place: Place,
    /// Further messages of Postgres, or the reason of the rule.
    pub notes: Vec<String>,
    /// The help: the input to write instead.
    pub help: Vec<String>,
    /// Changes of the source that do what the help says; each alone is enough.
    pub fixes: Vec<Fix>,
}

/// Whether code can be generated all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// Worth knowing; code is generated.
    Warning,
}

/// The location of a diagnostic.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Place {
    /// A piece of text, shown with a caret under it.
    Span(Span),
    /// A position in a file whose text cannot be shown, or a file as a whole.
    File {
        /// Relative to the project.
        path: String,
        /// Where in it, if known.
        position: Option<Position>,
    },
}

impl Diagnostic {
    /// An error at a piece of source text.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::at(code, Place::Span(span), message)
    }

    /// An error in a file whose text cannot be shown.
    pub fn in_file(
        code: &'static str,
        path: impl Into<String>,
        position: Option<Position>,
        message: impl Into<String>,
    ) -> Self {
        let path = path.into();
        Self::at(code, Place::File { path, position }, message)
    }

    /// The same for another file, where it has none of its own text.
    #[must_use]
    pub(crate) fn moved_to(mut self, file: &str) -> Self {
        if let Place::File { path, .. } = &mut self.place {
            file.clone_into(path);
        }
        self
    }

    fn at(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            place,
            notes: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// With one more thing to know.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// With one more thing to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// `path`, `path:line:column` for people and editors.
    pub fn location(&self) -> String {
        let (path, position) = self.path_and_position();
        match position {
            Some(Position { line, column }) => format!("{path}:{line}:{column}"),
            None => path.to_owned(),
        }
    }

    pub(crate) fn path_and_position(&self) -> (&str, Option<Position>) {
        match &self.place {
            Place::Span(span) => (&span.file.path, Some(span.position())),
            Place::File { path, position } => (path, *position),
        }
    }
}

/// Sorts by location, and drops duplicates.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    // Two stages may find the same fault, as the lexer and Postgres an unterminated string.
    diagnostics.dedup_by(|a, b| sort_key(a) == sort_key(b));
}

fn sort_key(diagnostic: &Diagnostic) -> (&str, Option<Position>, &str, &str) {
    let (path, position) = diagnostic.path_and_position();
    (path, position, diagnostic.code, &diagnostic.message)
}
