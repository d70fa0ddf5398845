//! Inlay hints: the Rust types of the columns of a query's rows.

use super::context::{Context, FileKind};
use super::resolve::match_outputs;
use crate::syntax::read_sections;
use gen_lsp_types::{InlayHint, InlayHintKind, Label, Tooltip};
use serde::Deserialize;
use std::ops::Range;

/// Which columns have a hint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum HintOptions {
    /// Those that are an `Option`.
    #[default]
    Option,
    /// All of them.
    All,
    /// None.
    Off,
}

/// The hints in a part of a file.
pub(crate) fn list_hints(
    context: &Context<'_>,
    path: &str,
    range: &Range<usize>,
    options: HintOptions,
) -> Vec<InlayHint> {
    let (Some(text), Some(knowledge)) = (context.text(path), context.knowledge) else {
        return Vec::new();
    };
    if context.kind(path) != FileKind::Queries || options == HintOptions::Off {
        return Vec::new();
    }
    let lines = context.lines(&text);
    let mut hints = Vec::new();
    for section in read_sections(&text) {
        let own = section.range();
        if own.start >= range.end || own.end <= range.start {
            continue;
        }
        let query = section
            .name_text(&text)
            .and_then(|name| knowledge.find_query(name));
        let Some(explanation) = query.and_then(|query| query.explain()) else {
            continue;
        };
        for (item, index) in match_outputs(&text, &section, &explanation) {
            let column = &explanation.columns[index];
            let Some(rust_type) = &column.rust_type else {
                continue;
            };
            if options == HintOptions::All || rust_type.starts_with("Option<") {
                hints.push(InlayHint {
                    position: lines.position(item.range.end),
                    label: Label::String(format!(": {rust_type}")),
                    kind: Some(InlayHintKind::Type),
                    text_edits: None,
                    tooltip: Some(Tooltip::String(column.evidence.clone())),
                    padding_left: None,
                    padding_right: Some(true),
                    data: None,
                });
            }
        }
    }
    hints
}
