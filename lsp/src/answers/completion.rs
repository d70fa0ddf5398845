//! Completion: names, parameters, commands, comments and annotation keys, by the words in front of the cursor.

use super::context::{Context, FileKind};
use super::hover::find_annotated;
use super::vocabulary::{DIRECTIVES, describe_command, list_commands};
use crate::knowledge::{Knowledge, KnownRelation};
use crate::syntax::{RelationItem, Relations, Section, SectionWords, find_key, list_keys};
use crate::syntax::{read_relations, read_sections, read_words, section_at};
use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemTextEdit, Documentation, InsertTextFormat,
    MarkupContent,
};
use gen_lsp_types::{MarkupKind, TextEdit};
use std::collections::BTreeSet;
use std::ops::Range;
use xact_codegen::sql::lexer::TokenKind;
use xact_codegen::sql::write_identifier;

/// One proposal, before the part of the text that it replaces is known.
struct Proposal {
    label: String,
    /// The text, if it is another than the label.
    text: Option<String>,
    kind: CompletionItemKind,
    detail: Option<String>,
    docs: Option<String>,
    is_snippet: bool,
}

impl Proposal {
    fn new(label: impl Into<String>, kind: CompletionItemKind) -> Self {
        Self {
            label: label.into(),
            text: None,
            kind,
            detail: None,
            docs: None,
            is_snippet: false,
        }
    }

    fn detail(self, detail: impl Into<String>) -> Self {
        let detail = Some(detail.into());
        Self { detail, ..self }
    }

    fn docs(self, docs: Option<impl Into<String>>) -> Self {
        let docs = docs.map(Into::into);
        Self { docs, ..self }
    }

    fn text(self, text: impl Into<String>) -> Self {
        let text = Some(text.into());
        Self { text, ..self }
    }
}

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
    let (proposals, replaced) = match FileKind::of(path) {
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

type Proposals = (Vec<Proposal>, Range<usize>);

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

/// A query from nothing.
fn propose_query() -> Proposal {
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
fn complete_name_line(text: &str, section: &Section, offset: usize) -> Proposals {
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

fn complete_comment(is_alone: bool) -> Vec<Proposal> {
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

/// The word in front of the cursor, and the words before it.
struct Before<'w, 't> {
    words: &'w SectionWords<'t>,
    /// How many words are before the one that is being written.
    count: usize,
    /// The part of the text that a proposal replaces.
    replaced: Range<usize>,
    /// Whether that begins with the colon of a parameter.
    is_parameter: bool,
}

fn read_before<'w, 't>(words: &'w SectionWords<'t>, offset: usize) -> Option<Before<'w, 't>> {
    let count = words
        .words
        .partition_point(|word| word.range.start < offset);
    let last = count.checked_sub(1).map(|last| &words.words[last]);
    let last = last.filter(|last| last.range.end >= offset);
    let Some(last) = last else {
        return Some(Before {
            words,
            count,
            replaced: offset..offset,
            is_parameter: false,
        });
    };
    let is_colon = matches!(last.text, ":" | "@");
    match last.kind {
        TokenKind::Named => Some(Before {
            words,
            count: count - 1,
            replaced: last.range.start..offset,
            is_parameter: true,
        }),
        _ if is_colon => Some(Before {
            words,
            count: count - 1,
            replaced: last.range.start..offset,
            is_parameter: true,
        }),
        TokenKind::Word | TokenKind::QuotedIdentifier => Some(Before {
            words,
            count: count - 1,
            replaced: last.range.start..offset,
            is_parameter: false,
        }),
        // Inside of a string or a number there is nothing to propose.
        TokenKind::String | TokenKind::Number | TokenKind::Positional
            if last.range.end > offset =>
        {
            None
        }
        TokenKind::Unterminated => None,
        _ => Some(Before {
            words,
            count,
            replaced: offset..offset,
            is_parameter: false,
        }),
    }
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

/// The name in front of a dot.
fn find_qualifier(before: &Before<'_, '_>) -> Option<String> {
    let dot = before
        .count
        .checked_sub(1)
        .filter(|dot| before.words.text(*dot) == ".")?;
    before.words.words.get(dot.checked_sub(1)?)?.name()
}

/// Whether a relation is written here: behind its keyword, or behind a comma in FROM.
fn is_relation_expected(before: &Before<'_, '_>) -> bool {
    const KEYWORDS: &[&str] = &["FROM", "JOIN", "INTO", "UPDATE", "USING", "ONLY", "TABLE"];
    let Some(last) = before.count.checked_sub(1) else {
        return false;
    };
    if KEYWORDS
        .iter()
        .any(|keyword| before.words.is(last, keyword))
    {
        return true;
    }
    if before.words.text(last) != "," {
        return false;
    }
    let group = before.words.group(last);
    let clauses = [
        "FROM",
        "SELECT",
        "WHERE",
        "ORDER",
        "GROUP",
        "SET",
        "VALUES",
        "RETURNING",
        "ON",
        "HAVING",
    ];
    let clause = (0..last).rev().find(|index| {
        before.words.group(*index) == group
            && clauses.iter().any(|clause| before.words.is(*index, clause))
    });
    clause.is_some_and(|clause| before.words.is(clause, "FROM"))
}

fn propose_relations(knowledge: &Knowledge, relations: &Relations) -> Vec<Proposal> {
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
fn propose_qualified(
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

fn propose_columns(
    knowledge: &Knowledge,
    relations: &Relations,
    visible: &[&RelationItem],
) -> Vec<Proposal> {
    visible
        .iter()
        .flat_map(|item| columns_of(knowledge, relations, item))
        .collect()
}

fn columns_of(knowledge: &Knowledge, relations: &Relations, item: &RelationItem) -> Vec<Proposal> {
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

fn propose_table_columns(relation: &KnownRelation<'_>) -> Vec<Proposal> {
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

fn propose_aliases(visible: &[&RelationItem]) -> Vec<Proposal> {
    let aliases = visible.iter().filter_map(|item| item.alias.as_ref());
    aliases
        .map(|alias| Proposal::new(write_identifier(alias), CompletionItemKind::Variable))
        .collect()
}

fn propose_functions(knowledge: &Knowledge) -> Vec<Proposal> {
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
fn propose_keywords() -> Vec<Proposal> {
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
fn propose_parameters(
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

/// The first of each label, which is the likeliest.
fn deduplicate(proposals: Vec<Proposal>) -> Vec<Proposal> {
    let mut seen = BTreeSet::new();
    proposals
        .into_iter()
        .filter(|proposal| seen.insert(proposal.label.clone()))
        .collect()
}

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

fn complete_annotation(context: &Context<'_>, text: &str, offset: usize) -> Proposals {
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
