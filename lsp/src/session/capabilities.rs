//! The features of both sides, which they tell each other at the beginning.

use crate::lines::Encoding;
use gen_lsp_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProvider, CompletionOptions,
    DefinitionProvider, DocumentSymbolProvider, HoverProvider, InitializeParams, InitializeResult,
    InlayHintProvider, ReferencesProvider, Save, ServerCapabilities, ServerInfo, TextDocumentSync,
    TextDocumentSyncKind, TextDocumentSyncOptions, WorkspaceFolders,
};
use std::path::PathBuf;

/// The features of this server.
pub(super) fn describe_server(encoding: Encoding) -> InitializeResult {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::Incremental),
        save: Some(Save::Bool(true)),
        ..TextDocumentSyncOptions::default()
    };
    let completion = CompletionOptions {
        // Behind these a word begins whose completions are wanted at once.
        trigger_characters: Some([".", ":", "-"].map(str::to_owned).to_vec()),
        ..CompletionOptions::default()
    };
    let actions = CodeActionOptions {
        code_action_kinds: Some(vec![CodeActionKind::QuickFix]),
        ..CodeActionOptions::default()
    };
    InitializeResult {
        capabilities: ServerCapabilities {
            position_encoding: Some(encoding.kind()),
            text_document_sync: Some(TextDocumentSync::Options(sync)),
            hover_provider: Some(HoverProvider::Bool(true)),
            definition_provider: Some(DefinitionProvider::Bool(true)),
            references_provider: Some(ReferencesProvider::Bool(true)),
            document_symbol_provider: Some(DocumentSymbolProvider::Bool(true)),
            completion_provider: Some(completion),
            code_action_provider: Some(CodeActionProvider::CodeActionOptions(actions)),
            inlay_hint_provider: Some(InlayHintProvider::Bool(true)),
            ..ServerCapabilities::default()
        },
        server_info: Some(ServerInfo {
            name: "xact".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    }
}

pub(super) fn has_snippets(client: &ClientCapabilities) -> bool {
    let completion = client
        .text_document
        .as_ref()
        .and_then(|text| text.completion.as_ref());
    let item = completion.and_then(|completion| completion.completion_item.as_ref());
    item.and_then(|item| item.snippet_support).unwrap_or(false)
}

pub(super) fn refreshes_hints(client: &ClientCapabilities) -> bool {
    let workspace = client.workspace.as_ref();
    let hints = workspace.and_then(|workspace| workspace.inlay_hint.as_ref());
    hints
        .and_then(|hints| hints.refresh_support)
        .unwrap_or(false)
}

/// The folder that is open in the editor: the first of several, and the current one if the client names none.
#[expect(
    deprecated,
    reason = "older clients send the folder in `rootUri` alone"
)]
pub(super) fn find_folder(params: &InitializeParams) -> PathBuf {
    let folders = &params.workspace_folders_initialize_params.workspace_folders;
    let first = match folders {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => {
            folders.first().map(|folder| folder.uri.clone())
        }
        Some(WorkspaceFolders::Null) | None => None,
    };
    let uri = first.or_else(|| params.root_uri.clone());
    let path = uri.and_then(|uri| uri.to_file_path().ok());
    path.or_else(|| std::env::current_dir().ok())
        .unwrap_or_default()
}
