//! One proposal, and the part of the text that the proposals replace.

use gen_lsp_types::CompletionItemKind;
use std::collections::BTreeSet;
use std::ops::Range;

/// Proposals, and the part of the text that each of them replaces.
pub(super) type Proposals = (Vec<Proposal>, Range<usize>);

/// One proposal, before the part of the text that it replaces is known.
pub(super) struct Proposal {
    pub(super) label: String,
    /// The text, if it is another than the label.
    pub(super) text: Option<String>,
    pub(super) kind: CompletionItemKind,
    pub(super) detail: Option<String>,
    pub(super) docs: Option<String>,
    pub(super) is_snippet: bool,
}

impl Proposal {
    pub(super) fn new(label: impl Into<String>, kind: CompletionItemKind) -> Self {
        Self {
            label: label.into(),
            text: None,
            kind,
            detail: None,
            docs: None,
            is_snippet: false,
        }
    }

    pub(super) fn detail(self, detail: impl Into<String>) -> Self {
        let detail = Some(detail.into());
        Self { detail, ..self }
    }

    pub(super) fn docs(self, docs: Option<impl Into<String>>) -> Self {
        let docs = docs.map(Into::into);
        Self { docs, ..self }
    }

    pub(super) fn text(self, text: impl Into<String>) -> Self {
        let text = Some(text.into());
        Self { text, ..self }
    }
}

/// The first of each label, which is the likeliest.
pub(super) fn deduplicate(proposals: Vec<Proposal>) -> Vec<Proposal> {
    let mut seen = BTreeSet::new();
    proposals
        .into_iter()
        .filter(|proposal| seen.insert(proposal.label.clone()))
        .collect()
}
