//! Completion: names, parameters, commands, comments and annotation keys, by the words in front of the cursor.

mod proposal;

mod annotations;
mod before;
mod comments;
mod names;

use super::context::{Context, FileKind};
use crate::syntax::{Section, read_relations, read_sections, read_words, section_at};
use annotations::complete_annotation;
use before::{find_qualifier, is_relation_expected, read_before};
use comments::{complete_comment, complete_name_line, propose_query};
use gen_lsp_types::{CompletionItem, CompletionItemTextEdit, Documentation, InsertTextFormat};
use gen_lsp_types::{MarkupContent, MarkupKind, TextEdit};
use names::{
    propose_aliases, propose_columns, propose_functions, propose_keywords, propose_parameters,
    propose_qualified, propose_relations,
};
use proposal::{Proposals, deduplicate};

/// The proposals at an offset of a file.
pub(crate) fn complete(
    context: &Context<'_>,
    path: &str,
    offset: usize,
    with_snippets: bool,
) -> Vec<CompletionItem> {
    let Some(text) = context.text(path) else {
        return Vec::new();
    };
    let (proposals, replaced) = match context.kind(path) {
        FileKind::Queries => complete_query(context, &text, offset),
        FileKind::Annotations => complete_annotation(context, &text, offset),
        FileKind::Schema | FileKind::Rust | FileKind::Other => return Vec::new(),
    };
    let range = context.lines(&text).range(&replaced);
    let proposals = proposals
        .into_iter()
        .filter(|proposal| with_snippets || !proposal.is_snippet);
    let items = proposals.enumerate().map(|(index, proposal)| {
        let new_text = proposal.text.unwrap_or_else(|| proposal.label.clone());
        CompletionItem {
            kind: Some(proposal.kind),
            detail: proposal.detail,
            documentation: proposal.docs.map(|value| {
                let kind = MarkupKind::Markdown;
                Documentation::MarkupContent(MarkupContent { kind, value })
            }),
            // The likeliest first: clients sort by the label otherwise.
            sort_text: Some(format!("{index:05}")),
            filter_text: Some(proposal.label.clone()),
            insert_text_format: proposal.is_snippet.then_some(InsertTextFormat::Snippet),
            text_edit: Some(CompletionItemTextEdit::TextEdit(TextEdit {
                range,
                new_text,
            })),
            label: proposal.label,
            ..CompletionItem::default()
        }
    });
    items.collect()
}

fn complete_query(context: &Context<'_>, text: &str, offset: usize) -> Proposals {
    let line_start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let line = &text[line_start..offset];
    let sections = read_sections(text);
    let section = section_at(&sections, offset);
    if let Some(section) = section.filter(|section| section.name_line.start >= line_start) {
        return complete_name_line(text, section, offset);
    }
    if let Some(comment) = line.find("--") {
        let written = line_start + comment + 2;
        let start =
            written + (text[written..offset].len() - text[written..offset].trim_start().len());
        let is_alone = line[..comment].trim().is_empty();
        return (complete_comment(is_alone), start..offset);
    }
    let Some(section) = section else {
        let is_empty = line.trim().is_empty();
        let proposals = if is_empty {
            vec![propose_query()]
        } else {
            Vec::new()
        };
        return (proposals, offset..offset);
    };
    complete_statement(context, text, section, offset)
}

fn complete_statement(
    context: &Context<'_>,
    text: &str,
    section: &Section,
    offset: usize,
) -> Proposals {
    let words = read_words(text, section);
    let (Some(before), Some(knowledge)) = (read_before(&words, offset), context.knowledge) else {
        return (Vec::new(), offset..offset);
    };
    let relations = read_relations(&words);
    let visible = relations.visible(&words, offset);
    let replaced = before.replaced.clone();
    let proposals = if before.is_parameter {
        propose_parameters(knowledge, text, section, &words, &visible, &replaced)
    } else if let Some(qualifier) = find_qualifier(&before) {
        propose_qualified(knowledge, &relations, &visible, &qualifier)
    } else if is_relation_expected(&before) {
        propose_relations(knowledge, &relations)
    } else {
        let mut proposals = propose_columns(knowledge, &relations, &visible);
        proposals.extend(propose_aliases(&visible));
        proposals.extend(propose_functions(knowledge));
        proposals.extend(propose_keywords());
        proposals
    };
    (deduplicate(proposals), replaced)
}
