//! The names that a statement can use: relations, columns, aliases, functions, parameters, keywords.

use super::proposal::Proposal;
use crate::knowledge::{Knowledge, KnownRelation};
use crate::syntax::{RelationItem, Relations, Section, SectionWords};
use gen_lsp_types::CompletionItemKind;
use std::ops::Range;
use xact_codegen::sql::lexer::TokenKind;
use xact_codegen::sql::write_identifier;

pub(super) fn propose_relations(knowledge: &Knowledge, relations: &Relations) -> Vec<Proposal> {
    let with = relations.with.keys();
    let with = with.map(|name| Proposal::new(name, CompletionItemKind::Struct).detail("WITH"));
    let known = knowledge.relations().map(|relation| {
        Proposal::new(relation.name.annotation_key(), CompletionItemKind::Struct)
            .text(relation.name.sql.clone())
            .detail(relation.kind)
            .docs(relation.description())
    });
    with.chain(known).collect()
}

/// Behind `alias.` the columns of a relation; behind `schema.` its tables.
pub(super) fn propose_qualified(
    knowledge: &Knowledge,
    relations: &Relations,
    visible: &[&RelationItem],
    qualifier: &str,
) -> Vec<Proposal> {
    let named = visible
        .iter()
        .find(|item| item.alias.as_deref() == Some(qualifier));
    if let Some(item) = named {
        return columns_of(knowledge, relations, item);
    }
    let in_schema = knowledge
        .relations()
        .filter(|relation| relation.name.schema == qualifier);
    in_schema
        .map(|relation| {
            Proposal::new(
                write_identifier(&relation.name.name),
                CompletionItemKind::Struct,
            )
            .detail(relation.kind)
            .docs(relation.description())
        })
        .collect()
}

pub(super) fn propose_columns(
    knowledge: &Knowledge,
    relations: &Relations,
    visible: &[&RelationItem],
) -> Vec<Proposal> {
    visible
        .iter()
        .flat_map(|item| columns_of(knowledge, relations, item))
        .collect()
}

pub(super) fn columns_of(
    knowledge: &Knowledge,
    relations: &Relations,
    item: &RelationItem,
) -> Vec<Proposal> {
    let bare = |name: &String| Proposal::new(write_identifier(name), CompletionItemKind::Field);
    let with = || {
        relations
            .with
            .get(item.path.first()?)
            .filter(|_| item.path.len() == 1)
    };
    if let Some(columns) = item
        .columns
        .as_ref()
        .or_else(|| with().map(|(_, columns)| columns))
    {
        return columns.iter().map(bare).collect();
    }
    let relation = knowledge.find_relation(&item.path);
    relation.map_or_else(Vec::new, |relation| propose_table_columns(&relation))
}

pub(super) fn propose_table_columns(relation: &KnownRelation<'_>) -> Vec<Proposal> {
    let columns = relation.columns.iter().map(|column| {
        let null = if column.not_null { " not null" } else { "" };
        Proposal::new(write_identifier(&column.name), CompletionItemKind::Field)
            .detail(format!(
                "{}{null}, {}",
                column.data_type,
                relation.name.annotation_key()
            ))
            .docs(relation.column_description(column))
    });
    columns.collect()
}

pub(super) fn propose_aliases(visible: &[&RelationItem]) -> Vec<Proposal> {
    let aliases = visible.iter().filter_map(|item| item.alias.as_ref());
    aliases
        .map(|alias| Proposal::new(write_identifier(alias), CompletionItemKind::Variable))
        .collect()
}

pub(super) fn propose_functions(knowledge: &Knowledge) -> Vec<Proposal> {
    let functions = knowledge.checked.schema.functions.iter();
    functions
        .map(|function| {
            Proposal::new(
                write_identifier(&function.name.name),
                CompletionItemKind::Function,
            )
            .detail(function.signature.clone())
            .docs(function.attached.comment.clone())
        })
        .collect()
}

/// The keywords that begin the clauses of a query, in their order.
pub(super) fn propose_keywords() -> Vec<Proposal> {
    const KEYWORDS: &[&str] = &[
        "SELECT",
        "FROM",
        "JOIN",
        "LEFT JOIN",
        "ON",
        "WHERE",
        "AND",
        "OR",
        "NOT",
        "EXISTS",
        "GROUP BY",
        "HAVING",
        "ORDER BY",
        "LIMIT",
        "OFFSET",
        "INSERT INTO",
        "VALUES",
        "ON CONFLICT",
        "UPDATE",
        "SET",
        "DELETE FROM",
        "RETURNING",
        "WITH",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "IS NULL",
        "IS NOT NULL",
        "DISTINCT",
        "UNION",
        "AS",
    ];
    KEYWORDS
        .iter()
        .map(|keyword| Proposal::new(*keyword, CompletionItemKind::Keyword))
        .collect()
}

/// Parameters of the query first, then those that columns suggest: a parameter is most often called as the column that it meets.
pub(super) fn propose_parameters(
    knowledge: &Knowledge,
    text: &str,
    section: &Section,
    words: &SectionWords<'_>,
    visible: &[&RelationItem],
    replaced: &Range<usize>,
) -> Vec<Proposal> {
    let known = section
        .name_text(text)
        .and_then(|name| knowledge.find_query(name));
    let explained = known.and_then(|query| query.explain());
    let others = words
        .words
        .iter()
        .filter(|word| word.kind == TokenKind::Named && word.range.start != replaced.start);
    let written = others.map(|word| {
        let name = word
            .text
            .trim_start_matches([':', '@'])
            .trim_end_matches(['?', '[', ']'])
            .to_owned();
        let known = explained
            .iter()
            .flat_map(|query| &query.params)
            .find(|parameter| parameter.name == name);
        let proposal = Proposal::new(format!(":{name}"), CompletionItemKind::Variable);
        match known {
            Some(known) => proposal.detail(format!("{}, {}", known.pg_type, known.rust_type)),
            None => proposal,
        }
    });
    let columns = visible
        .iter()
        .filter_map(|item| knowledge.find_relation(&item.path));
    let suggested = columns.flat_map(|relation| {
        let columns = relation.columns.iter();
        let proposals = columns.map(move |column| {
            let detail = format!("{}, {}", column.data_type, relation.name.annotation_key());
            Proposal::new(format!(":{}", column.name), CompletionItemKind::Variable).detail(detail)
        });
        proposals.collect::<Vec<_>>()
    });
    written.chain(suggested).collect()
}
