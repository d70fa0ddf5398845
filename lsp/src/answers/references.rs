//! References: the callers of a query in Rust, and the queries that use a table.

use super::context::{Context, FileKind, Target};
use super::definition::{find_annotation, find_query, list_rust_files};
use super::hover::find_annotated;
use super::resolve::{Meaning, resolve};
use crate::knowledge::{Knowledge, KnownRelation};
use crate::syntax::{
    Place, find_calls, find_key, find_method_at, find_place, read_sections, section_at,
};

/// The uses of the name at an offset of a file.
pub(crate) fn find_references(context: &Context<'_>, path: &str, offset: usize) -> Vec<Target> {
    let (Some(text), Some(knowledge)) = (context.text(path), context.knowledge) else {
        return Vec::new();
    };
    match context.kind(path) {
        FileKind::Queries => {
            let sections = read_sections(&text);
            match find_place(&text, &sections, offset) {
                Place::QueryName(range) => find_callers(context, &text[range]),
                Place::Name(name) => {
                    let section = section_at(&sections, offset);
                    let meanings = section.map(|section| resolve(knowledge, &text, section, &name));
                    let mut relations =
                        meanings
                            .into_iter()
                            .flatten()
                            .filter_map(|meaning| match meaning {
                                Meaning::Relation(relation) | Meaning::Column(relation, _) => {
                                    Some(relation)
                                }
                                Meaning::Function(_) | Meaning::Alias(_) => None,
                            });
                    let relation = relations.next();
                    relation.map_or_else(Vec::new, |relation| {
                        find_users(context, knowledge, &relation)
                    })
                }
                _ => Vec::new(),
            }
        }
        FileKind::Annotations => {
            let keys = find_key(&text, offset).keys;
            let relation = keys.get(1).and_then(|table| find_annotated(context, table));
            relation.map_or_else(Vec::new, |relation| {
                find_users(context, knowledge, &relation)
            })
        }
        FileKind::Rust => {
            let method = find_method_at(&text, offset)
                .filter(|(name, _)| knowledge.find_query(name).is_some());
            method.map_or_else(Vec::new, |(name, _)| find_callers(context, &name))
        }
        FileKind::Schema | FileKind::Other => Vec::new(),
    }
}

/// The calls of a query's method in every Rust file below the project.
fn find_callers(context: &Context<'_>, name: &str) -> Vec<Target> {
    let mut targets = Vec::new();
    for path in list_rust_files(context, "") {
        if let Some(text) = context.text(&path) {
            let calls = find_calls(&text, name).into_iter();
            targets.extend(calls.map(|call| Target {
                path: path.clone(),
                range: call.range,
            }));
        }
    }
    targets
}

/// The names of the queries that read or write a table, and its entry in the annotations.
fn find_users(
    context: &Context<'_>,
    knowledge: &Knowledge,
    relation: &KnownRelation<'_>,
) -> Vec<Target> {
    let name = relation.name;
    let is_it = |table: &String| *table == name.sql || *table == name.annotation_key();
    let queries = knowledge.checked.queries.iter().filter(|query| {
        let tables = query.tables.as_ref();
        tables.is_some_and(|tables| tables.reads.iter().chain(&tables.writes).any(is_it))
    });
    let targets = queries.filter_map(|query| find_query(context, &query.query.name));
    let annotation = find_annotation(context, &name.annotation_key());
    targets.chain(annotation).collect()
}
