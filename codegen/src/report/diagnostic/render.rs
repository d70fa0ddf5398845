//! Diagnostics as text: one line to click on, the source with a caret, the help.
//!
//! ```text
//! queries/bookmarks.sql:12:9: error[unknown-column]: column "titel" does not exist
//!    |
//! 12 | SELECT b.titel
//!    |        ^^^^^^^
//!    = help: perhaps you meant `title`
//! ```

use super::{Diagnostic, Place, Severity};
use crate::report::source::Span;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt::Write as _;

/// Whether the output is for a terminal that shows colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// No escape sequences.
    Plain,
    /// ANSI colours.
    Colour,
}

/// The width of the source lines where there is no terminal.
const WIDTH: usize = 140;

/// Renders diagnostics in the order given, each followed by an empty line.
pub fn render(diagnostics: &[Diagnostic], style: Style) -> String {
    render_within(diagnostics, style, WIDTH)
}

/// The same with source lines of at most `width` columns: a longer one is cut around its carets.
///
/// ```
/// # use std::sync::Arc;
/// # use xact_codegen::report::diagnostic::{Diagnostic, Style, render_within};
/// # use xact_codegen::report::source::{SourceFile, Span};
/// let text = format!("SELECT {} titel", "title, ".repeat(50));
/// let range = text.len() - 5..text.len();
/// let file = Arc::new(SourceFile::new("queries/a.sql", text));
/// let diagnostic = Diagnostic::error("unknown-column", Span { file, range }, "no");
/// let shown = render_within(&[diagnostic], Style::Plain, 60);
/// assert!(shown.lines().all(|line| line.chars().count() <= 60), "{shown}");
/// assert!(shown.contains("titel\n"), "{shown}");
/// ```
pub fn render_within(diagnostics: &[Diagnostic], style: Style, width: usize) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    }
    .decor_style(DecorStyle::Ascii)
    .term_width(width);
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&write_headline(diagnostic, style));
        if let Place::Span(span) = &diagnostic.place {
            text.push_str(&write_snippet(
                span,
                level_of(diagnostic.severity),
                &renderer,
            ));
        }
        for (word, lines) in [("note", &diagnostic.notes), ("help", &diagnostic.help)] {
            for line in lines {
                let indented = line.replace('\n', "\n           ");
                // Writing to a `String` cannot fail.
                let _ = writeln!(text, "   = {word}: {indented}");
            }
        }
        text.push('\n');
    }
    text
}

fn write_headline(diagnostic: &Diagnostic, style: Style) -> String {
    let location = diagnostic.location();
    let (word, colour) = match diagnostic.severity {
        Severity::Error => ("error", "\x1b[1;31m"),
        Severity::Warning => ("warning", "\x1b[1;33m"),
    };
    let Diagnostic { code, message, .. } = diagnostic;
    match style {
        Style::Plain => format!("{location}: {word}[{code}]: {message}\n"),
        Style::Colour => {
            format!(
                "\x1b[1m{location}\x1b[0m: {colour}{word}[{code}]\x1b[0m\x1b[1m: {message}\x1b[0m\n"
            )
        }
    }
}

/// The colour of the carets.
fn level_of(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    }
}

/// The lines of the span with carets. Only the lines needed are handed over: the renderer
/// would otherwise search the whole file once for each diagnostic.
fn write_snippet(span: &Span, level: Level<'_>, renderer: &Renderer) -> String {
    let text = &span.file.text;
    // Only the lines of the place, so that the renderer does not read the whole file for each.
    let start = text[..span.range.start].rfind('\n').map_or(0, |n| n + 1);
    let end = text[span.range.end..]
        .find('\n')
        .map_or(text.len(), |n| span.range.end + n);
    let annotation = AnnotationKind::Primary.span(span.range.start - start..span.range.end - start);
    let source = Snippet::source(&text[start..end])
        .line_start(span.position().line)
        .annotation(annotation);
    let group = Group::with_level(level).element(source);
    renderer.render(&[group]) + "\n"
}
