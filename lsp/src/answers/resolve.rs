//! The meaning of a name in a statement.

use super::context::Context;
use crate::knowledge::{Knowledge, KnownRelation};
use crate::syntax::{NamePath, OutputItem, RelationItem, Relations, Section};
use crate::syntax::{read_outputs, read_relations, read_words};
use std::ops::Range;
use xact_codegen::explanation::Explanation;
use xact_codegen::schema::model::{Column, Function};

/// The meaning of a name.
#[derive(Debug)]
pub(crate) enum Meaning<'k> {
    Relation(KnownRelation<'k>),
    Column(KnownRelation<'k>, &'k Column),
    Function(&'k Function),
    /// A name that the statement itself gives: where it is written.
    Alias(Range<usize>),
}

/// Everything that a name can mean, the likeliest first.
pub(crate) fn resolve<'k>(
    knowledge: &'k Knowledge,
    text: &str,
    section: &Section,
    path: &NamePath,
) -> Vec<Meaning<'k>> {
    let words = read_words(text, section);
    let relations = read_relations(&words);
    let Some(name) = path.parts.last() else {
        return Vec::new();
    };
    if path.is_call {
        let function = knowledge.find_function(name);
        return function.map(Meaning::Function).into_iter().collect();
    }
    if let Some(item) = find_item_at(&relations, &path.range) {
        return resolve_relation(knowledge, &relations, item);
    }
    let visible = relations.visible(&words, path.range.start);
    match path.parts.as_slice() {
        [.., qualifier, _] => resolve_qualified(knowledge, &visible, qualifier, path),
        _ => resolve_bare(knowledge, &visible, name),
    }
}

/// The relation whose name or alias is written in a range.
fn find_item_at<'r>(relations: &'r Relations, range: &Range<usize>) -> Option<&'r RelationItem> {
    let mut items = relations.items.iter();
    items.find(|item| {
        let is_name = item.range.start <= range.start && range.end <= item.range.end;
        is_name && !item.path.is_empty() || item.alias_range == *range
    })
}

fn resolve_relation<'k>(
    knowledge: &'k Knowledge,
    relations: &Relations,
    item: &RelationItem,
) -> Vec<Meaning<'k>> {
    let with = item.path.first().and_then(|name| relations.with.get(name));
    if let Some((range, _)) = with.filter(|_| item.path.len() == 1) {
        return vec![Meaning::Alias(range.clone())];
    }
    let relation = knowledge.find_relation(&item.path);
    relation.map(Meaning::Relation).into_iter().collect()
}

/// `n.title`, or `app.notes`.
fn resolve_qualified<'k>(
    knowledge: &'k Knowledge,
    visible: &[&RelationItem],
    qualifier: &str,
    path: &NamePath,
) -> Vec<Meaning<'k>> {
    let mut visible = visible.iter();
    let named = visible.find(|item| item.alias.as_deref() == Some(qualifier));
    let meaning = match named {
        Some(item) => path
            .parts
            .last()
            .and_then(|name| column_of(knowledge, item, name)),
        None => knowledge.find_relation(&path.parts).map(Meaning::Relation),
    };
    meaning.into_iter().collect()
}

/// A column of any relation in FROM, or else the name of one of them.
fn resolve_bare<'k>(
    knowledge: &'k Knowledge,
    visible: &[&RelationItem],
    name: &str,
) -> Vec<Meaning<'k>> {
    let columns = visible
        .iter()
        .filter_map(|item| column_of(knowledge, item, name));
    let mut meanings: Vec<Meaning<'_>> = columns.collect();
    let aliased = visible
        .iter()
        .find(|item| item.alias.as_deref() == Some(name));
    if let Some(item) = aliased.filter(|_| meanings.is_empty()) {
        let relation = knowledge.find_relation(&item.path);
        meanings.extend(relation.map(Meaning::Relation));
        meanings.push(Meaning::Alias(item.alias_range.clone()));
    }
    meanings
}

fn column_of<'k>(knowledge: &'k Knowledge, item: &RelationItem, name: &str) -> Option<Meaning<'k>> {
    let relation = knowledge
        .find_relation(&item.path)
        .filter(|_| item.columns.is_none())?;
    Some(Meaning::Column(relation, relation.find_column(name)?))
}

/// The columns of a query's rows as they are written, each with the index of its explanation.
pub(crate) fn match_outputs(
    text: &str,
    section: &Section,
    explanation: &Explanation,
) -> Vec<(OutputItem, usize)> {
    let words = read_words(text, section);
    let items = read_outputs(&words, 0, words.words.len());
    let columns = &explanation.columns;
    // A `*` is several columns, and while the list is edited there are more or fewer than at the last check: then only names tell.
    let is_same = items.len() == columns.len() && items.iter().all(|item| !item.is_star);
    let find_index = |index: usize, item: &OutputItem| {
        let name = item.name.as_ref();
        let has_name = |index: &usize| Some(&columns[*index].name) == name;
        if is_same && (name.is_none() || has_name(&index)) {
            return Some(index);
        }
        let mut named = (0..columns.len()).filter(has_name);
        named.next().filter(|_| named.next().is_none())
    };
    let matched = items.into_iter().enumerate().filter_map(|(index, item)| {
        let found = find_index(index, &item)?;
        Some((item, found))
    });
    matched.collect()
}

/// The table's column that has this catalog number.
pub(crate) fn find_column_by_id<'k>(
    context: &Context<'k>,
    (table, number): (u32, i16),
) -> Option<(KnownRelation<'k>, &'k Column)> {
    let knowledge = context.knowledge?;
    let schema = &knowledge.checked.schema;
    let table = schema.tables.iter().find(|found| found.oid.0 == table)?;
    let path = [table.name.schema.clone(), table.name.name.clone()];
    let relation = knowledge.find_relation(&path)?;
    let column = relation
        .columns
        .iter()
        .find(|column| column.number.0 == number)?;
    Some((relation, column))
}
