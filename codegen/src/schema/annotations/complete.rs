//! Adds missing entries to the text of the annotations, and leaves every line that is there as it is.
//!
//! A missing description becomes a name without a value, for a person to fill in. A column goes behind
//! the one before it in the table, a table to the end. The lines are found by the places of the names,
//! so comments, order, quotes and blank lines stay; only mappings in braces cannot be added to.

use std::collections::BTreeMap;

use super::coverage::{DescribedRelation, described};
use super::{AnnotationLocation, Annotations, TableAnnotation};
use crate::schema::Schema;

/// An entry that is written in braces, or on one line, so that no line can be added to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotABlock {
    /// The table; `tables` for all of them.
    pub name: String,
    /// Where its name stands.
    pub place: AnnotationLocation,
}

/// New lines, each before the line of the text that has this number, from 0.
type Insertions = BTreeMap<usize, Vec<String>>;

/// The text with an entry for everything that has no description yet.
///
/// # Errors
/// Every table that lacks something and is written in braces.
pub fn complete(
    text: &str,
    annotations: &Annotations,
    schema: &Schema,
) -> Result<String, Vec<NotABlock>> {
    let lines: Vec<&str> = text.lines().collect();
    let mut insertions = Insertions::new();
    let mut new = Vec::new();
    let mut errors = Vec::new();
    for relation in described(schema, annotations) {
        let key = relation.name.annotation_key();
        match annotations.tables.get(&key) {
            None if relation.lacks_anything() => new.push(write_block(&relation)),
            Some(known) if relation.lacks_anything() => {
                let added = add_to(&lines, known, &relation, &mut insertions);
                errors.extend(added.is_none().then_some(NotABlock {
                    name: key,
                    place: known.place,
                }));
            }
            _ => {}
        }
    }
    if !new.is_empty() && add_tables(&lines, new, &mut insertions).is_none() {
        let (name, place) = (
            "tables".to_owned(),
            AnnotationLocation { line: 1, column: 1 },
        );
        errors.push(NotABlock { name, place });
    }
    if errors.is_empty() {
        Ok(join_lines(&lines, insertions))
    } else {
        Err(errors)
    }
}

/// The entry of a table that has none.
fn write_block(relation: &DescribedRelation<'_>) -> Vec<String> {
    let name = format!("  {}:", quote_key(&relation.name.annotation_key()));
    let description = (!relation.is_described).then(|| "    description:".to_owned());
    let columns = (!relation.lacking.is_empty()).then(|| "    columns:".to_owned());
    let lacking = relation
        .lacking
        .iter()
        .map(|column| format!("      {}:", quote_key(column)));
    let lines = [Some(name), description, columns].into_iter().flatten();
    lines.chain(lacking).collect()
}

/// Puts new tables behind the last one, a blank line before each.
fn add_tables(lines: &[&str], tables: Vec<Vec<String>>, insertions: &mut Insertions) -> Option<()> {
    let found = lines.iter().position(|line| line.starts_with("tables:"));
    let (place, mut added) = match found {
        Some(start) if is_block(lines[start]) => (find_end(lines, start, 0), Vec::new()),
        Some(_) => return None,
        None => (lines.len(), vec!["tables:".to_owned()]),
    };
    let only = found.is_none_or(|start| place == start + 1);
    for (number, table) in tables.into_iter().enumerate() {
        if !(only && number == 0) {
            added.push(String::new());
        }
        added.extend(table);
    }
    insertions.entry(place).or_default().extend(added);
    Some(())
}

/// Adds the missing keys of a table's entry; nothing if it is no block.
fn add_to(
    lines: &[&str],
    known: &TableAnnotation,
    relation: &DescribedRelation<'_>,
    insertions: &mut Insertions,
) -> Option<()> {
    let start = known.place.line.checked_sub(1)?;
    let indent = known.place.column.checked_sub(1)?;
    if !is_block(lines.get(start)?) {
        return None;
    }
    let last = find_end(lines, start, indent);
    let child = child_indent(lines, start + 1..last).unwrap_or(indent + 2);
    let has = |key: &str| {
        (start + 1..last).find(|line| {
            indent_of(lines[*line]) == child && lines[*line].trim_start().starts_with(key)
        })
    };
    if !relation.is_described && has("description:").is_none() {
        insertions
            .entry(start + 1)
            .or_default()
            .push(format!("{:child$}description:", ""));
    }
    let missing: Vec<&str> = relation
        .lacking
        .iter()
        .copied()
        .filter(|column| !known.columns.contains_key(*column))
        .collect();
    if missing.is_empty() {
        return Some(());
    }
    let Some(columns) = has("columns:") else {
        let mut added = vec![format!("{:child$}columns:", "")];
        added.extend(
            missing
                .iter()
                .map(|column| format!("{:1$}{2}:", "", child + 2, quote_key(column))),
        );
        insertions.entry(last).or_default().extend(added);
        return Some(());
    };
    if !is_block(lines[columns]) {
        return None;
    }
    let deeper = child_indent(lines, columns + 1..last).unwrap_or(child + 2);
    for column in missing {
        let place = insert_behind(lines, known, relation, column).unwrap_or(columns + 1);
        let line = format!("{:deeper$}{}:", "", quote_key(column));
        insertions.entry(place).or_default().push(line);
    }
    Some(())
}

/// The line behind the entry of the nearest column before this one that has an entry.
fn insert_behind(
    lines: &[&str],
    known: &TableAnnotation,
    relation: &DescribedRelation<'_>,
    column: &str,
) -> Option<usize> {
    let before = relation.columns.iter().take_while(|name| **name != column);
    let before: Vec<&&str> = before.collect();
    let nearest = before
        .into_iter()
        .rev()
        .find_map(|name| known.columns.get(*name))?;
    Some(find_end(
        lines,
        nearest.place.line - 1,
        nearest.place.column - 1,
    ))
}

/// Whether nothing but a comment follows the name on its line.
fn is_block(line: &str) -> bool {
    let trimmed = line.trim_end();
    let bare = trimmed
        .split_once(" #")
        .map_or(trimmed, |(before, _)| before.trim_end());
    bare.ends_with(':')
}

/// The line behind an entry: behind the last one that stands deeper than its name.
fn find_end(lines: &[&str], start: usize, indent: usize) -> usize {
    let mut end = start + 1;
    for (number, line) in lines.iter().enumerate().skip(start + 1) {
        let is_deeper = indent_of(line) > indent;
        match line.trim_start() {
            // What is empty or a comment after the last entry belongs to what follows.
            "" => {}
            text if text.starts_with('#') && !is_deeper => {}
            _ if is_deeper => end = number + 1,
            _ => break,
        }
    }
    end
}

fn child_indent(lines: &[&str], range: std::ops::Range<usize>) -> Option<usize> {
    let mut lines = lines[range].iter();
    let line = lines.find(|line| !matches!(line.trim_start().chars().next(), None | Some('#')))?;
    Some(indent_of(line))
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// A name as YAML reads it as text.
fn quote_key(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    // YAML does not read these as text.
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    if starts && name.chars().all(plain) && !words.contains(&name.to_ascii_lowercase().as_str()) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

fn join_lines(lines: &[&str], mut insertions: Insertions) -> String {
    let mut text = String::new();
    for number in 0..=lines.len() {
        let added = insertions.remove(&number).unwrap_or_default();
        let own = lines.get(number).map(|line| (*line).to_owned());
        for line in added.into_iter().chain(own) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}
