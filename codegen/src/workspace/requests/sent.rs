//! Diagnostics as one process sends them to another, which has read the same files.

use crate::project::Project;
use crate::report::diagnostic::{Diagnostic, Fix, Place, Severity, find_code};
use crate::report::source::{Position, SourceFile, Span};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A [`Diagnostic`] without the texts of its files.
#[derive(Serialize, Deserialize)]
struct SentDiagnostic {
    is_error: bool,
    code: String,
    message: String,
    place: SentPlace,
    notes: Vec<String>,
    help: Vec<String>,
    fixes: Vec<SentFix>,
}

#[derive(Serialize, Deserialize)]
enum SentPlace {
    Span(SentSpan),
    File {
        path: String,
        /// Line and column.
        position: Option<(usize, usize)>,
    },
}

/// A piece of a file, whose text both sides have.
#[derive(Serialize, Deserialize)]
struct SentSpan {
    path: String,
    start: usize,
    end: usize,
}

#[derive(Serialize, Deserialize)]
struct SentFix {
    span: SentSpan,
    text: String,
}

/// None if they are no JSON, which cannot be.
pub(super) fn encode_diagnostics(diagnostics: &[Diagnostic]) -> Option<String> {
    let sent: Vec<SentDiagnostic> = diagnostics.iter().map(SentDiagnostic::of).collect();
    serde_json::to_string(&sent).ok()
}

/// None if one of them is about text that is in no file of the project.
pub(super) fn decode_diagnostics(text: &str, project: &Project) -> Option<Vec<Diagnostic>> {
    let sent: Vec<SentDiagnostic> = serde_json::from_str(text).ok()?;
    let received = sent.into_iter().map(|sent| sent.receive(project));
    received.collect()
}

impl SentDiagnostic {
    fn of(diagnostic: &Diagnostic) -> Self {
        let Diagnostic {
            severity,
            code,
            message,
            place,
            notes,
            help,
            fixes,
        } = diagnostic;
        Self {
            is_error: *severity == Severity::Error,
            code: (*code).to_owned(),
            message: message.clone(),
            place: SentPlace::of(place),
            notes: notes.clone(),
            help: help.clone(),
            fixes: fixes.iter().map(SentFix::of).collect(),
        }
    }

    fn receive(self, project: &Project) -> Option<Diagnostic> {
        let fixes = self.fixes.into_iter().map(|fix| fix.receive(project));
        Some(Diagnostic {
            severity: if self.is_error {
                Severity::Error
            } else {
                Severity::Warning
            },
            code: find_code(&self.code)?.name,
            message: self.message,
            place: self.place.receive(project)?,
            notes: self.notes,
            help: self.help,
            fixes: fixes.collect::<Option<_>>()?,
        })
    }
}

impl SentPlace {
    fn of(place: &Place) -> Self {
        match place {
            Place::Span(span) => Self::Span(SentSpan::of(span)),
            Place::File { path, position } => Self::File {
                path: path.clone(),
                position: position.map(|position| (position.line, position.column)),
            },
        }
    }

    fn receive(self, project: &Project) -> Option<Place> {
        Some(match self {
            Self::Span(span) => Place::Span(span.receive(project)?),
            Self::File { path, position } => {
                let position = position.map(|(line, column)| Position { line, column });
                Place::File { path, position }
            }
        })
    }
}

impl SentSpan {
    fn of(span: &Span) -> Self {
        Self {
            path: span.file.path.clone(),
            start: span.range.start,
            end: span.range.end,
        }
    }

    fn receive(self, project: &Project) -> Option<Span> {
        let mut files = project.files();
        let file: &Arc<SourceFile> = files.find(|file| file.path == self.path)?;
        let range = self.start..self.end;
        // The other side may have put a text of its own in place of the file's.
        file.text.get(range.clone())?;
        Some(Span {
            file: Arc::clone(file),
            range,
        })
    }
}

impl SentFix {
    fn of(fix: &Fix) -> Self {
        Self {
            span: SentSpan::of(&fix.span),
            text: fix.text.clone(),
        }
    }

    fn receive(self, project: &Project) -> Option<Fix> {
        Some(Fix::replace(self.span.receive(project)?, self.text))
    }
}
