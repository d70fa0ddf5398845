//! Questions of a client that is running, each with the feature that answers it.

use super::{Session, read_params, to_value};
use crate::answers;
use crate::paths::relative_path;
use crate::wire::{ErrorCode, RpcError};
use gen_lsp_types::{
    CodeActionParams, CompletionList, CompletionParams, Contents, DefinitionParams,
    DocumentSymbolParams, HoverParams, InlayHintParams, Location, MarkupContent, MarkupKind, Range,
    ReferenceParams, TextDocumentPositionParams, Uri,
};
use serde_json::Value;

/// Answers one request.
pub(super) fn answer_request(
    session: &Session,
    method: &str,
    params: Value,
) -> Result<Value, RpcError> {
    match method {
        "textDocument/hover" => {
            let params: HoverParams = read_params(params)?;
            Ok(answer_hover(session, &params.text_document_position_params))
        }
        "textDocument/definition" => {
            let params: DefinitionParams = read_params(params)?;
            Ok(answer_definition(
                session,
                &params.text_document_position_params,
            ))
        }
        "textDocument/references" => {
            let params: ReferenceParams = read_params(params)?;
            Ok(answer_references(
                session,
                &params.text_document_position_params,
            ))
        }
        "textDocument/completion" => {
            let params: CompletionParams = read_params(params)?;
            Ok(answer_completion(
                session,
                &params.text_document_position_params,
            ))
        }
        "textDocument/codeAction" => Ok(code_actions(session, &read_params(params)?)),
        "textDocument/inlayHint" => Ok(inlay_hints(session, &read_params(params)?)),
        "textDocument/documentSymbol" => Ok(answer_symbols(session, &read_params(params)?)),
        _ => Err(RpcError::new(
            ErrorCode::MethodNotFound,
            format!("there is no method `{method}` here"),
        )),
    }
}

/// The path and offset of a position; none outside of the project.
fn find_offset(session: &Session, params: &TextDocumentPositionParams) -> Option<(String, usize)> {
    let path = relative_path(session.root(), &params.text_document.uri)?;
    let context = session.context();
    let text = context.text(&path)?;
    let offset = context.lines(&text).offset(params.position);
    Some((path, offset))
}

/// The path and offsets of a range.
fn locate_range(
    session: &Session,
    uri: &Uri,
    range: Range,
) -> Option<(String, std::ops::Range<usize>)> {
    let path = relative_path(session.root(), uri)?;
    let context = session.context();
    let text = context.text(&path)?;
    let range = context.lines(&text).offsets(range);
    Some((path, range))
}

fn answer_hover(session: &Session, params: &TextDocumentPositionParams) -> Value {
    let context = session.context();
    let hover = find_offset(session, params).and_then(|(path, offset)| {
        let (value, range) = answers::hover(&context, &path, offset)?;
        let text = context.text(&path)?;
        let kind = MarkupKind::Markdown;
        Some(gen_lsp_types::Hover {
            contents: Contents::MarkupContent(MarkupContent { kind, value }),
            range: Some(context.lines(&text).range(&range)),
        })
    });
    to_value(&hover)
}

fn answer_definition(session: &Session, params: &TextDocumentPositionParams) -> Value {
    let context = session.context();
    let found = find_offset(session, params)
        .map(|(path, offset)| answers::find_definitions(&context, &path, offset));
    let locations = found
        .into_iter()
        .flatten()
        .filter_map(|target| context.location(&target));
    to_value(&locations.collect::<Vec<Location>>())
}

fn answer_references(session: &Session, params: &TextDocumentPositionParams) -> Value {
    let context = session.context();
    let found = find_offset(session, params)
        .map(|(path, offset)| answers::find_references(&context, &path, offset));
    let locations = found
        .into_iter()
        .flatten()
        .filter_map(|target| context.location(&target));
    to_value(&locations.collect::<Vec<Location>>())
}

fn answer_completion(session: &Session, params: &TextDocumentPositionParams) -> Value {
    let context = session.context();
    let items = find_offset(session, params)
        .map(|(path, offset)| answers::complete(&context, &path, offset, session.has_snippets));
    let list = CompletionList {
        // The client filters the list by the word that is typed, which changes nothing else.
        is_incomplete: false,
        item_defaults: None,
        apply_kind: None,
        items: items.unwrap_or_default(),
    };
    to_value(&list)
}

fn code_actions(session: &Session, params: &CodeActionParams) -> Value {
    let context = session.context();
    let located = locate_range(session, &params.text_document.uri, params.range);
    let actions = located.map(|(path, range)| answers::list_fixes(&context, &path, &range));
    to_value(&actions.unwrap_or_default())
}

fn inlay_hints(session: &Session, params: &InlayHintParams) -> Value {
    let context = session.context();
    let located = locate_range(session, &params.text_document.uri, params.range);
    let options = session.options.inlay_hints;
    let hints = located.map(|(path, range)| answers::list_hints(&context, &path, &range, options));
    to_value(&hints.unwrap_or_default())
}

fn answer_symbols(session: &Session, params: &DocumentSymbolParams) -> Value {
    let context = session.context();
    let path = relative_path(session.root(), &params.text_document.uri);
    let symbols = path.map(|path| answers::list_symbols(&context, &path));
    to_value(&symbols.unwrap_or_default())
}
