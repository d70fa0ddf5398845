//! Notifications about files: opened, changed, saved, closed.

use super::{FileChange, Session, read_params};
use crate::answers::FileKind;
use crate::documents::Document;
use crate::paths::relative_path;
use crate::wire::{ErrorCode, RpcError};
use gen_lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
};
use serde_json::Value;
use xact_codegen::config::{self, Paths};

/// Takes one notification of a client that is running. One that is not known is left out, as the specification wants.
pub(super) fn receive_change(
    session: &mut Session,
    method: &str,
    params: Value,
) -> Result<(), RpcError> {
    match method {
        "textDocument/didOpen" => open_document(session, read_params(params)?),
        "textDocument/didChange" => return change_document(session, read_params(params)?),
        "textDocument/didClose" => close_document(session, &read_params(params)?),
        _ => {}
    }
    Ok(())
}

fn open_document(session: &mut Session, params: DidOpenTextDocumentParams) {
    let document = params.text_document;
    let Some(path) = relative_path(session.root(), &document.uri) else {
        return;
    };
    let text = document.text;
    let is_on_disk =
        std::fs::read_to_string(session.root().join(&path)).is_ok_and(|on_disk| on_disk == text);
    let opened = Document {
        uri: document.uri,
        version: document.version,
        text: text.as_str().into(),
    };
    session.documents.insert(path.clone(), opened);
    // A file that is the same on disk changes nothing: 5,000 files may be opened at once.
    let is_known = is_on_disk && session.knowledge.is_some();
    if is_input(&session.paths, &path) && !is_known {
        session.changes.push(FileChange {
            path,
            text: Some(text),
        });
    }
}

fn change_document(
    session: &mut Session,
    params: DidChangeTextDocumentParams,
) -> Result<(), RpcError> {
    let identifier = params.text_document;
    let Some(path) = relative_path(session.root(), &identifier.text_document_identifier.uri) else {
        return Ok(());
    };
    let encoding = session.encoding;
    let changed =
        session
            .documents
            .change(&path, identifier.version, params.content_changes, encoding);
    let Some(document) = changed else {
        return Err(RpcError::new(
            ErrorCode::InvalidRequest,
            format!("`{path}` is not open"),
        ));
    };
    let text = Some(document.text.to_string());
    if is_input(&session.paths, &path) {
        session.changes.push(FileChange { path, text });
    }
    Ok(())
}

/// The file on disk counts again, which may be another than the one that was closed.
fn close_document(session: &mut Session, params: &DidCloseTextDocumentParams) {
    let Some(path) = relative_path(session.root(), &params.text_document.uri) else {
        return;
    };
    if session.documents.remove(&path).is_some() && is_input(&session.paths, &path) {
        session.changes.push(FileChange { path, text: None });
    }
}

/// Whether a file counts for a check. Migrations count as they are saved: a database is built from them, and half a migration would
/// build it again at every key.
fn is_input(paths: &Paths, path: &str) -> bool {
    let kind = FileKind::of(paths, path);
    matches!(kind, FileKind::Queries | FileKind::Annotations) || path == config::FILE
}
