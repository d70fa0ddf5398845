//! Code actions: the changes that the help of a diagnostic names.

use super::context::Context;
use super::diagnostics::convert_diagnostic;
use crate::paths::file_uri;
use gen_lsp_types::{CodeAction, CodeActionKind, TextEdit, WorkspaceEdit};
use std::collections::HashMap;
use std::ops::Range;
use xact_codegen::report::diagnostic::{Diagnostic, Fix};

/// The changes for the diagnostics in a part of a file.
pub(crate) fn list_fixes(
    context: &Context<'_>,
    path: &str,
    range: &Range<usize>,
) -> Vec<CodeAction> {
    let (Some(text), Some(knowledge)) = (context.text(path), context.knowledge) else {
        return Vec::new();
    };
    let mut actions = Vec::new();
    for diagnostic in &knowledge.checked.diagnostics {
        // Places of a text that was edited since are wrong; the next check gives them again.
        let span = diagnostic
            .span()
            .filter(|span| span.file.path == path && span.file.text == *text);
        let touches =
            span.is_some_and(|span| span.range.start <= range.end && range.start <= span.range.end);
        if touches {
            let is_only = diagnostic.fixes.len() == 1;
            let fixes = diagnostic.fixes.iter();
            actions.extend(fixes.filter_map(|fix| make_action(context, diagnostic, fix, is_only)));
        }
    }
    actions
}

fn make_action(
    context: &Context<'_>,
    diagnostic: &Diagnostic,
    fix: &Fix,
    is_only: bool,
) -> Option<CodeAction> {
    let file = &fix.span.file;
    let lines = context.lines(&file.text);
    let edit = TextEdit {
        range: lines.range(&fix.span.range),
        new_text: fix.text.clone(),
    };
    Some(CodeAction {
        title: title_fix(fix),
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![convert_diagnostic(context, diagnostic, Some(&lines))]),
        is_preferred: Some(is_only),
        disabled: None,
        edit: Some(WorkspaceEdit {
            changes: Some(HashMap::from([(
                file_uri(context.root, &file.path)?,
                vec![edit],
            )])),
            document_changes: None,
            change_annotations: None,
        }),
        command: None,
        data: None,
        tags: None,
    })
}

/// The change in words.
pub(super) fn title_fix(fix: &Fix) -> String {
    let (old, new) = (fix.span.text(), fix.text.trim());
    match (old, new) {
        ("", new) => format!("insert `{new}`"),
        (old, "") => format!("remove `{old}`"),
        (old, new) => format!("replace `{old}` with `{new}`"),
    }
}
