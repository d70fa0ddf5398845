//! Outside of statements: name lines, and comments that are for the tool.

use super::proposal::{Proposal, Proposals};
use crate::answers::vocabulary::{DIRECTIVES, describe_command, list_commands};
use crate::syntax::Section;
use gen_lsp_types::CompletionItemKind;

/// A query from nothing.
pub(super) fn propose_query() -> Proposal {
    let commands: Vec<&str> = list_commands().map(|(word, _)| word).collect();
    Proposal {
        is_snippet: true,
        ..Proposal::new("-- name:", CompletionItemKind::Snippet)
            .detail("a query")
            .text(format!(
                "-- name: ${{1:name}} :${{2|{}|}}\n$0",
                commands.join(",")
            ))
    }
}

/// Behind the name: the commands.
pub(super) fn complete_name_line(text: &str, section: &Section, offset: usize) -> Proposals {
    let is_behind_name = section.name.as_ref().is_some_and(|name| name.end < offset);
    if !is_behind_name {
        return (Vec::new(), offset..offset);
    }
    let start = text[..offset]
        .rfind(char::is_whitespace)
        .map_or(0, |at| at + 1);
    let proposals = list_commands().map(|(word, command)| {
        Proposal::new(format!(":{word}"), CompletionItemKind::Keyword)
            .docs(Some(describe_command(command)))
    });
    (proposals.collect(), start..offset)
}

pub(super) fn complete_comment(is_alone: bool) -> Vec<Proposal> {
    let mut proposals: Vec<Proposal> = Vec::new();
    if is_alone {
        let name = propose_query();
        let text = name
            .text
            .as_deref()
            .map(|text| text.trim_start_matches("-- ").to_owned());
        proposals.push(Proposal {
            label: "name:".to_owned(),
            text,
            ..name
        });
    }
    // A comment above a statement is on a line of its own.
    let fitting = DIRECTIVES
        .iter()
        .filter(|directive| is_alone || !directive.is_above);
    for directive in fitting {
        let label = directive.text.trim_end();
        let proposal =
            Proposal::new(label, CompletionItemKind::Keyword).docs(Some(directive.meaning));
        if directive.snippet.contains('$') {
            proposals.push(Proposal {
                is_snippet: true,
                ..proposal.text(directive.snippet)
            });
        } else {
            proposals.push(proposal);
        }
    }
    proposals
}
