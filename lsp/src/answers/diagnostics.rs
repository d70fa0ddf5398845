//! Diagnostics of the tool as those of the protocol.

use super::context::Context;
use crate::lines::Lines;
use crate::paths::file_uri;
use gen_lsp_types::{
    Code, DiagnosticRelatedInformation, DiagnosticSeverity, Location, Message, Position, Range,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use xact_codegen::report::diagnostic::{Diagnostic, Place, Severity};
use xact_codegen::report::source::SourceFile;

/// Diagnostics by the file that they are about, in their order.
pub(crate) fn group_by_file(diagnostics: &[Diagnostic]) -> BTreeMap<&str, Vec<&Diagnostic>> {
    let mut files: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics {
        let path = match &diagnostic.place {
            Place::Span(span) => &span.file.path,
            Place::File { path, .. } => path,
        };
        files.entry(path).or_default().push(diagnostic);
    }
    files
}

/// One diagnostic. The notes and the help are part of its message, because few clients show them otherwise.
pub(crate) fn convert_diagnostic(
    context: &Context<'_>,
    diagnostic: &Diagnostic,
    lines: Option<&Lines<'_>>,
) -> gen_lsp_types::Diagnostic {
    let mut message = diagnostic.message.clone();
    for (word, texts) in [("note", &diagnostic.notes), ("help", &diagnostic.help)] {
        for text in texts {
            // Writing to a `String` cannot fail.
            let _ = write!(message, "\n{word}: {text}");
        }
    }
    let related = relate_fixes(context, diagnostic);
    gen_lsp_types::Diagnostic {
        range: find_range(diagnostic, lines),
        severity: Some(match diagnostic.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
        }),
        code: Some(Code::String(diagnostic.code.to_owned())),
        code_description: None,
        source: Some("xact".to_owned()),
        message: Message::String(message),
        tags: None,
        related_information: (!related.is_empty()).then_some(related),
        data: None,
    }
}

/// A place without text is the beginning of the file, or of the line that is known.
fn find_range(diagnostic: &Diagnostic, lines: Option<&Lines<'_>>) -> Range {
    match (&diagnostic.place, lines) {
        (Place::Span(span), Some(lines)) => lines.range(&span.range),
        (Place::Span(span), None) => at_position(Some(span.position())),
        (Place::File { position, .. }, _) => at_position(*position),
    }
}

fn at_position(position: Option<xact_codegen::report::source::Position>) -> Range {
    let to_u32 = |number: usize| u32::try_from(number.saturating_sub(1)).unwrap_or(u32::MAX);
    let start = position.map_or(
        Position {
            line: 0,
            character: 0,
        },
        |position| Position {
            line: to_u32(position.line),
            character: to_u32(position.column),
        },
    );
    Range { start, end: start }
}

/// Changes elsewhere than at the diagnostic itself, such as at the command of a query.
fn relate_fixes(
    context: &Context<'_>,
    diagnostic: &Diagnostic,
) -> Vec<DiagnosticRelatedInformation> {
    let own = diagnostic.span();
    let elsewhere = diagnostic
        .fixes
        .iter()
        .filter(|fix| own.is_none_or(|own| own.range != fix.span.range));
    let related = elsewhere.filter_map(|fix| {
        let file: &SourceFile = &fix.span.file;
        let location = Location {
            uri: file_uri(context.root, &file.path)?,
            range: context.lines(&file.text).range(&fix.span.range),
        };
        let message = super::fixes::title_fix(fix);
        Some(DiagnosticRelatedInformation { location, message })
    });
    related.collect()
}
