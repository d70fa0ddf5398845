//! Hover: the facts about the part of a file that the cursor is on.

use super::context::{Context, FileKind};
use super::markdown;
use super::resolve::{Meaning, find_column_by_id, match_outputs, resolve};
use super::vocabulary::{describe_command, describe_comment, find_command};
use crate::knowledge::KnownQuery;
use crate::syntax::{
    NamePath, Place, Section, find_key, find_method_at, find_place, read_sections, section_at,
};
use std::ops::Range;
use xact_codegen::report::diagnostic::find_code;
use xact_codegen::schema::model::Function;

/// A text in Markdown, and the part of the file that it is about.
pub(crate) type Hover = (String, Range<usize>);

/// The hover at an offset of a file.
pub(crate) fn hover(context: &Context<'_>, path: &str, offset: usize) -> Option<Hover> {
    let text = context.text(path)?;
    match context.kind(path) {
        FileKind::Queries => hover_in_queries(context, path, &text, offset),
        FileKind::Annotations => hover_in_annotations(context, &text, offset),
        FileKind::Rust => {
            let (name, range) = find_method_at(&text, offset)?;
            Some((describe_query(context, &name)?, range))
        }
        FileKind::Schema | FileKind::Other => None,
    }
}

fn hover_in_queries(context: &Context<'_>, path: &str, text: &str, offset: usize) -> Option<Hover> {
    let sections = read_sections(text);
    let section = section_at(&sections, offset);
    let about = match find_place(text, &sections, offset) {
        Place::QueryName(range) => {
            describe_query(context, &text[range.clone()]).map(|text| (text, range))
        }
        Place::Command(range) => {
            let command = find_command(&text[range.clone()])?;
            Some((describe_command(command).to_owned(), range))
        }
        Place::Comment(range) => {
            describe_comment(&text[range.clone()]).map(|meaning| (meaning.to_owned(), range))
        }
        Place::Parameter(name, range) => {
            describe_parameter(context, section?.name_text(text)?, &name).map(|text| (text, range))
        }
        Place::Name(name) => {
            describe_name(context, text, section?, &name).map(|text| (text, name.range))
        }
        Place::Other => None,
    };
    let code = describe_diagnostics(context, path, text, offset);
    match (about, code) {
        (Some((about, range)), Some((code, _))) => {
            Some((format!("{about}\n\n---\n\n{code}"), range))
        }
        (about, code) => about.or(code),
    }
}

/// A query with its SQL, as a caller in Rust wants to see it.
fn describe_query(context: &Context<'_>, name: &str) -> Option<String> {
    let query = context.knowledge?.find_query(name)?;
    let explanation = query.explain()?;
    let docs = &query.finished.query.docs;
    let text = markdown::write_query(&explanation, docs, query.is_older);
    Some(format!("{text}\n\n```sql\n{}\n```", explanation.written))
}

fn describe_parameter(context: &Context<'_>, query: &str, name: &str) -> Option<String> {
    let query = context.knowledge?.find_query(query)?;
    let explanation = query.explain()?;
    let index = explanation
        .params
        .iter()
        .position(|parameter| parameter.name == name)?;
    let typed = query.finished.parameters.get(index);
    // A number of the catalog is one of the database in which the query was analysed, which may be another by now.
    let origin = typed
        .filter(|_| !query.is_older)
        .and_then(|typed| typed.origin.or(typed.key));
    let column = origin.and_then(|id| find_column_by_id(context, id));
    let column = column.map(|(relation, column)| markdown::write_column(&relation, column));
    Some(markdown::write_parameter(
        &explanation.params[index],
        column,
        query.is_older,
    ))
}

/// A name in a statement: the column of the result that it is, and the column or table that it means.
fn describe_name(
    context: &Context<'_>,
    text: &str,
    section: &Section,
    name: &NamePath,
) -> Option<String> {
    let knowledge = context.knowledge?;
    let mut parts = Vec::new();
    let query = section
        .name_text(text)
        .and_then(|name| knowledge.find_query(name));
    if let Some(query) = query {
        parts.extend(describe_output(context, text, section, name, &query));
    }
    // The column that a name means has its description there already.
    let is_described = parts.len() > 1;
    let meanings = resolve(knowledge, text, section, name);
    let described = meanings.iter().find_map(|meaning| match meaning {
        Meaning::Relation(relation) => Some(markdown::write_relation(relation)),
        Meaning::Column(relation, column) => Some(markdown::write_column(relation, column)),
        Meaning::Function(function) => Some(describe_function(function)),
        Meaning::Alias(_) => None,
    });
    parts.extend(described.filter(|_| !is_described));
    (!parts.is_empty()).then(|| parts.join("\n\n---\n\n"))
}

/// The column of the result that a name is, and the column of a table that it is unchanged.
fn describe_output(
    context: &Context<'_>,
    text: &str,
    section: &Section,
    name: &NamePath,
    query: &KnownQuery<'_>,
) -> Vec<String> {
    let Some(explanation) = query.explain() else {
        return Vec::new();
    };
    let outputs = match_outputs(text, section, &explanation);
    let Some((_, index)) = outputs
        .iter()
        .find(|(item, _)| item.range.end == name.range.end)
    else {
        return Vec::new();
    };
    let column = &explanation.columns[*index];
    // A number of the catalog is one of the database in which the query was analysed, which may be another by now.
    let typed = query
        .finished
        .columns
        .get(*index)
        .filter(|_| !query.is_older);
    let origin = typed.and_then(|typed| find_column_by_id(context, typed.origin?));
    let origin = origin.map(|(relation, column)| markdown::write_column(&relation, column));
    let output = markdown::write_output(column, query.is_older);
    std::iter::once(output).chain(origin).collect()
}

fn describe_function(function: &Function) -> String {
    let comment = function.attached.comment.as_deref().unwrap_or_default();
    let Function {
        name, signature, ..
    } = function;
    // As the catalog writes it: the parameters, and behind them the result.
    let (parameters, result) = match signature.split_once(" RETURNS ") {
        Some((parameters, result)) => (parameters, format!(" RETURNS {result}")),
        None => (signature.as_str(), String::new()),
    };
    let text = format!(
        "```sql\n{}({parameters}){result}\n```\n\n{comment}",
        name.name
    );
    text.trim_end().to_owned()
}

/// The codes of the diagnostics at an offset, which are explained where their place is.
fn describe_diagnostics(
    context: &Context<'_>,
    path: &str,
    text: &str,
    offset: usize,
) -> Option<Hover> {
    let diagnostics = &context.knowledge?.checked.diagnostics;
    let mut here = diagnostics.iter().filter_map(|diagnostic| {
        let span = diagnostic
            .span()
            .filter(|span| span.file.path == path && span.file.text == text)?;
        let is_here = span.range.start <= offset && offset <= span.range.end;
        Some((
            markdown::write_code(&find_code(diagnostic.code)?),
            span.range.clone(),
        ))
        .filter(|_| is_here)
    });
    here.next()
}

fn hover_in_annotations(context: &Context<'_>, text: &str, offset: usize) -> Option<Hover> {
    let key = find_key(text, offset);
    let keys: Vec<&str> = key.keys.iter().map(String::as_str).collect();
    let ["tables", table, rest @ ..] = keys.as_slice() else {
        return None;
    };
    let relation = find_annotated(context, table)?;
    let about = match rest {
        [] => markdown::write_relation(&relation),
        ["columns", column] => markdown::write_column(&relation, relation.find_column(column)?),
        _ => return None,
    };
    Some((about, key.range))
}

/// The table or view of a key: `notes`, `app.notes`.
pub(super) fn find_annotated<'k>(
    context: &Context<'k>,
    key: &str,
) -> Option<crate::knowledge::KnownRelation<'k>> {
    let mut relations = context.knowledge?.relations();
    relations.find(|relation| relation.name.annotation_key() == key)
}
