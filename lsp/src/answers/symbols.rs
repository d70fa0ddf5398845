//! Document symbols: the queries of a file.

use super::context::Context;
use crate::syntax::read_sections;
use gen_lsp_types::{DocumentSymbol, SymbolKind};

/// The queries of a file, in their order.
#[expect(
    deprecated,
    reason = "the struct has a field that the protocol replaced by tags"
)]
pub(crate) fn list_symbols(context: &Context<'_>, path: &str) -> Vec<DocumentSymbol> {
    let Some(text) = context.text(path) else {
        return Vec::new();
    };
    let lines = context.lines(&text);
    let sections = read_sections(&text).into_iter();
    let symbols = sections.filter_map(|section| {
        let name = section.name.clone()?;
        Some(DocumentSymbol {
            name: text[name.clone()].to_owned(),
            detail: section
                .command
                .clone()
                .map(|command| text[command].to_owned()),
            kind: SymbolKind::Function,
            tags: None,
            deprecated: None,
            range: lines.range(&section.range()),
            selection_range: lines.range(&name),
            children: None,
        })
    });
    symbols.collect()
}
