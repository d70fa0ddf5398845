//! The keys of `schema_annotations.yaml`.

use super::names::propose_table_columns;
use super::proposal::{Proposal, Proposals};
use crate::answers::context::Context;
use crate::answers::hover::find_annotated;
use crate::syntax::{find_key, list_keys};
use gen_lsp_types::CompletionItemKind;
use std::collections::BTreeSet;

const TABLE_KEYS: &[(&str, &str)] = &[
    ("description", "The meaning of a row."),
    ("columns", "The columns, each with its description."),
    ("id_type", "The Rust type of the ids; `false` for none."),
    ("tags", "Words to find the table by."),
    ("derive", "Derives of the struct of the rows."),
    ("attributes", "Attributes of that struct, without `#[…]`."),
];

const COLUMN_KEYS: &[(&str, &str)] = &[
    ("description", "The meaning of a value."),
    ("rust_type", "The Rust type of the values."),
    (
        "tags",
        "Words to find the column by; `secret` hides its values in logs.",
    ),
];

const TYPE_KEYS: &[(&str, &str)] = &[
    ("rust_type", "The Rust type of the values."),
    (
        "unknown_labels",
        "Whether the enum keeps labels that a later migration adds.",
    ),
];

pub(super) fn complete_annotation(context: &Context<'_>, text: &str, offset: usize) -> Proposals {
    let found = find_key(text, offset);
    let mut path: Vec<&str> = found.keys.iter().map(String::as_str).collect();
    // A line that has its colon already is one of the keys, not one above them.
    if !found.range.is_empty() && text[found.range.end..].starts_with(':') {
        path.pop();
    }
    let taken: BTreeSet<String> = list_keys(text, &path)
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    let mut proposals = match path.as_slice() {
        [] => propose_keys(&[
            ("tables", "Tables and views."),
            ("types", "Types of columns."),
        ]),
        ["tables"] => propose_annotated(context),
        ["tables", _] => propose_keys(TABLE_KEYS),
        ["tables", table, "columns"] => find_annotated(context, table)
            .map_or_else(Vec::new, |relation| propose_table_columns(&relation)),
        ["tables", _, "columns", _] => propose_keys(COLUMN_KEYS),
        ["types"] => propose_types(context),
        ["types", _] => propose_keys(TYPE_KEYS),
        _ => Vec::new(),
    };
    proposals.retain(|proposal| !taken.contains(&proposal.label));
    for proposal in &mut proposals {
        let has_colon = text[found.range.end..].starts_with(':');
        let colon = if has_colon { "" } else { ":" };
        proposal.text = Some(format!("{}{colon}", proposal.label));
    }
    (proposals, found.range)
}

fn propose_keys(keys: &[(&str, &str)]) -> Vec<Proposal> {
    let proposals = keys.iter().map(|(key, meaning)| {
        Proposal::new(*key, CompletionItemKind::Property).docs(Some(*meaning))
    });
    proposals.collect()
}

fn propose_annotated(context: &Context<'_>) -> Vec<Proposal> {
    let relations = context
        .knowledge
        .iter()
        .flat_map(|knowledge| knowledge.relations());
    let proposals = relations.map(|relation| {
        Proposal::new(relation.name.annotation_key(), CompletionItemKind::Struct)
            .detail(relation.kind)
    });
    proposals.collect()
}

fn propose_types(context: &Context<'_>) -> Vec<Proposal> {
    let schemas = context
        .knowledge
        .iter()
        .map(|knowledge| &knowledge.checked.schema);
    let names = schemas.flat_map(|schema| {
        let enums = schema.enums.iter().map(|found| &found.name);
        let composites = schema.composites.iter().map(|found| &found.name);
        enums
            .chain(composites)
            .chain(schema.domains.iter().map(|found| &found.name))
    });
    names
        .map(|name| Proposal::new(name.sql.clone(), CompletionItemKind::Enum))
        .collect()
}
