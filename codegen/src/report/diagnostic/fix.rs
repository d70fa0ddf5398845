//! Changes of the source that do what a help says, for editors to offer.

use super::{Diagnostic, Place};
use crate::report::source::Span;
use serde::{Deserialize, Serialize};

/// A replacement of one piece of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fix {
    /// The piece; empty for an insertion.
    pub span: Span,
    /// The text in its place; empty for a removal.
    pub text: String,
}

impl Fix {
    /// Replaces a piece of a file.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { span, text }
    }

    /// Removes a piece of a file.
    pub fn remove(span: Span) -> Self {
        Self::replace(span, "")
    }

    /// Inserts text before a piece of a file.
    pub fn insert_before(span: &Span, text: impl Into<String>) -> Self {
        let start = span.range.start;
        let file = span.file.clone();
        let range = start..start;
        Self::replace(Span { file, range }, text)
    }
}

impl Diagnostic {
    /// With a change that does what a help says.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use xact_codegen::report::diagnostic::{Diagnostic, Fix};
    /// # use xact_codegen::report::source::{SourceFile, Span};
    /// # let file = Arc::new(SourceFile::new("queries/a.sql", "SELECT titel"));
    /// let span = Span { file, range: 7..12 };
    /// let diagnostic = Diagnostic::error("unknown-column", span.clone(), "no").fix(Fix::replace(span, "title"));
    /// assert_eq!(diagnostic.fixes[0].text, "title");
    /// ```
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }

    /// With the name that was perhaps meant, as help and as the text to write instead.
    #[must_use]
    pub fn suggest(self, meant: &str) -> Self {
        let span = self.span().cloned();
        let diagnostic = self.help(format!("perhaps you meant `{meant}`"));
        match span {
            Some(span) => diagnostic.fix(Fix::replace(span, meant)),
            None => diagnostic,
        }
    }

    /// The same for a key or a string of TOML, which may have to be in quotes.
    pub(crate) fn suggest_key(self, meant: &str) -> Self {
        let is_string = self
            .span()
            .is_some_and(|span| span.text().starts_with(['"', '\'']));
        let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let mut diagnostic = self.suggest(meant);
        // Other characters are allowed in a key of TOML only in quotes.
        if is_string || !meant.chars().all(is_bare) {
            for fix in &mut diagnostic.fixes {
                fix.text = format!("\"{meant}\"");
            }
        }
        diagnostic
    }

    /// The span, if the diagnostic points at source text.
    pub fn span(&self) -> Option<&Span> {
        match &self.place {
            Place::Span(span) => Some(span),
            Place::File { .. } => None,
        }
    }
}
