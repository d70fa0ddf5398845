//! The meaning of a name in a statement.

use super::context::Context;
use crate::knowledge::{Knowledge, KnownRelation};
use crate::syntax::{NamePath, OutputItem, RelationItem, Section};
use crate::syntax::{read_outputs, read_relations, read_words};
use std::ops::Range;
use xact_codegen::explanation::{Column as KnownColumn, Explanation};
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
        return knowledge
            .find_function(name)
            .map(Meaning::Function)
            .into_iter()
            .collect();
    }
    let contains =
        |range: &Range<usize>| range.start <= path.range.start && path.range.end <= range.end;
    if let Some(item) = relations
        .items
        .iter()
        .find(|item| contains(&item.range) && !item.path.is_empty())
    {
        let with = relations.with.get(name).filter(|_| item.path.len() == 1);
        return match with {
            Some((range, _)) => vec![Meaning::Alias(range.clone())],
            None => knowledge
                .find_relation(&item.path)
                .map(Meaning::Relation)
                .into_iter()
                .collect(),
        };
    }
    let visible = relations.visible(&words, path.range.start);
    if let Some(item) = relations
        .items
        .iter()
        .find(|item| item.alias_range == path.range)
    {
        return knowledge
            .find_relation(&item.path)
            .map(Meaning::Relation)
            .into_iter()
            .collect();
    }
    if let [.., qualifier, _] = path.parts.as_slice() {
        let named = visible
            .iter()
            .find(|item| item.alias.as_deref() == Some(qualifier));
        return match named {
            Some(item) => column_of(knowledge, item, name).into_iter().collect(),
            None => knowledge
                .find_relation(&path.parts)
                .map(Meaning::Relation)
                .into_iter()
                .collect(),
        };
    }
    let columns = visible
        .iter()
        .filter_map(|item| column_of(knowledge, item, name));
    let mut meanings: Vec<Meaning<'_>> = columns.collect();
    let aliased = visible
        .iter()
        .find(|item| item.alias.as_deref() == Some(name));
    if let Some(item) = aliased.filter(|_| meanings.is_empty()) {
        let relation = knowledge.find_relation(&item.path).map(Meaning::Relation);
        meanings.extend(relation);
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

/// The columns of a query's rows as they are written, each with its explanation.
pub(crate) fn match_outputs<'e>(
    text: &str,
    section: &Section,
    explanation: &'e Explanation,
) -> Vec<(OutputItem, &'e KnownColumn)> {
    let words = read_words(text, section);
    let items = read_outputs(&words, 0, words.words.len());
    let columns = &explanation.columns;
    // A `*` is several columns, and while the list is edited there are more or fewer than at the last check: then only names tell.
    let is_same = items.len() == columns.len() && items.iter().all(|item| !item.is_star);
    let matched = items.into_iter().enumerate().filter_map(|(index, item)| {
        let by_place = columns
            .get(index)
            .filter(|column| is_same && item.name.as_ref().is_none_or(|name| *name == column.name));
        let mut named = columns
            .iter()
            .filter(|column| Some(&column.name) == item.name.as_ref());
        let by_name = named.next().filter(|_| named.next().is_none());
        let column = by_place.or(by_name)?;
        Some((item, column))
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
