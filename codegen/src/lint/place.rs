//! The location of a finding in schema.sql: the line that begins its block, and a line within.

use crate::report::source::{SourceFile, Span};
use crate::schema::model::{Function, Table, View};
use std::ops::Range;
use std::sync::Arc;

/// How the lines to look for begin. Of each list the first that is found counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinePrefixes {
    /// The first line of the block.
    block: Vec<String>,
    /// A line within the block.
    line: Vec<String>,
}

impl LinePrefixes {
    /// The block of a table.
    pub fn table(table: &Table) -> Self {
        let name = &table.name.sql;
        Self::block([
            format!("CREATE TABLE {name} ("),
            format!("CREATE UNLOGGED TABLE {name} ("),
        ])
    }

    /// The block of a view.
    pub fn view(view: &View) -> Self {
        let name = &view.name.sql;
        Self::block([
            format!("CREATE VIEW {name} "),
            format!("CREATE MATERIALIZED VIEW {name} "),
        ])
    }

    /// The block of a function.
    pub fn function(function: &Function) -> Self {
        let line = function.definition.lines().next().unwrap_or_default();
        Self::block([line.to_owned()])
    }

    /// Any block that begins so.
    pub fn block(block: impl IntoIterator<Item = String>) -> Self {
        Self {
            block: block.into_iter().collect(),
            line: Vec::new(),
        }
    }

    /// The line within the block that begins so; the block's own where there is none.
    #[must_use]
    pub fn line(mut self, line: String) -> Self {
        self.line.push(line);
        self
    }
}

/// The lines of schema.sql, sorted by their text: a search of the whole file for each finding would be quadratic.
#[derive(Debug)]
pub(super) struct LineIndex {
    file: Arc<SourceFile>,
    sorted: Vec<Range<usize>>,
}

impl LineIndex {
    /// Sorts the lines of a file.
    pub(super) fn of(file: &Arc<SourceFile>) -> Self {
        let mut start = 0;
        let lines = file.text.split('\n').map(|line| {
            let range = start..start + line.len();
            start = range.end + 1;
            range
        });
        let mut sorted: Vec<Range<usize>> = lines.collect();
        sorted.sort_by(|a, b| file.text[a.clone()].cmp(&file.text[b.clone()]));
        let file = file.clone();
        Self { file, sorted }
    }

    /// The place in the text; the whole of its first line when there is no such line.
    pub(super) fn locate(&self, place: &LinePrefixes) -> Span {
        let text = &self.file.text;
        let block = place.block.iter().find_map(|line| self.find_first(line));
        let block = block.unwrap_or(0..0);
        let rest = &text[block.start..];
        // The dump separates objects by an empty line.
        let end = block.start + rest.find("\n\n").unwrap_or(rest.len());
        let line = find_within(text, block.start..end, &place.line);
        Span {
            file: self.file.clone(),
            range: line.unwrap_or(block),
        }
    }

    /// The first line that begins so. In the order of their texts such lines are neighbours.
    fn find_first(&self, beginning: &str) -> Option<Range<usize>> {
        let text = |line: &Range<usize>| &self.file.text[line.clone()];
        let first = self.sorted.partition_point(|line| text(line) < beginning);
        let lines = self.sorted[first..].iter();
        let equal = lines.take_while(|line| text(line).starts_with(beginning));
        let start = equal.map(|line| line.start).min()?;
        Some(trim_beginning(start, beginning))
    }
}

/// The beginning of a line within `range` that is one of `beginnings`.
fn find_within(text: &str, range: Range<usize>, beginnings: &[String]) -> Option<Range<usize>> {
    let find = |beginning: &String| {
        let mut places = text[range.clone()].match_indices(beginning.as_str());
        let starts_line = |place: usize| place == 0 || text.as_bytes()[place - 1] == b'\n';
        let (offset, _) = places.find(|(offset, _)| starts_line(range.start + offset))?;
        Some(trim_beginning(range.start + offset, beginning))
    };
    beginnings.iter().find_map(find)
}

/// The range of a line's beginning without the blanks around it and the bracket that opens a list.
fn trim_beginning(start: usize, beginning: &str) -> Range<usize> {
    let start = start + beginning.len() - beginning.trim_start().len();
    start..start + beginning.trim().trim_end_matches(" (").len()
}
