//! Diagnostics for the files that have any, and none for those that had.

use super::Session;
use crate::answers::{convert_diagnostic, group_by_file};
use crate::paths::file_uri;
use crate::wire::write_notification;
use gen_lsp_types::PublishDiagnosticsParams;
use std::collections::BTreeSet;
use xact_codegen::report::diagnostic::Diagnostic;

/// Publishes the diagnostics of a check. A file that was edited since keeps those that it has: the places of these are those of
/// an older text, and the check of the edit follows.
pub(super) fn publish_diagnostics(session: &mut Session, diagnostics: &[Diagnostic]) {
    let context = session.context();
    let mut published = BTreeSet::new();
    let mut messages = Vec::new();
    for (path, found) in group_by_file(diagnostics) {
        let Some(uri) = file_uri(context.root, path) else {
            continue;
        };
        let text = found
            .iter()
            .find_map(|diagnostic| Some(diagnostic.span()?.file.text.as_str()));
        let document = context.documents.get(path);
        let uri = document.map_or(uri, |document| document.uri.clone());
        published.insert(uri.clone());
        let is_outdated =
            document.is_some_and(|document| text.is_some_and(|text| *text != *document.text));
        if is_outdated {
            continue;
        }
        let lines = text.map(|text| context.lines(text));
        let converted = found
            .iter()
            .map(|diagnostic| convert_diagnostic(&context, diagnostic, lines.as_ref()));
        let params = PublishDiagnosticsParams {
            version: document.map(|document| document.version),
            diagnostics: converted.collect(),
            uri,
        };
        messages.push(write_notification(
            "textDocument/publishDiagnostics",
            &params,
        ));
    }
    for uri in session.published.difference(&published) {
        let params = PublishDiagnosticsParams {
            uri: uri.clone(),
            version: None,
            diagnostics: Vec::new(),
        };
        messages.push(write_notification(
            "textDocument/publishDiagnostics",
            &params,
        ));
    }
    session.published = published;
    session.outgoing.extend(messages);
}
