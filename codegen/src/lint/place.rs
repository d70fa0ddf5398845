//! The location of a finding in schema.sql: the line that begins its block, and a line within.

use crate::report::source::{SourceFile, Span};
use crate::schema::model::{Function, Table, View};
use std::ops::Range;
use std::sync::Arc;

/// How the lines to look for begin. Of each list the first that is found counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The first line of the block.
    block: Vec<String>,
    /// A line within the block.
    line: Vec<String>,
}

impl Place {
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

/// The place in the text; the whole of its first line when there is no such line.
pub(super) fn locate_place(file: &Arc<SourceFile>, place: &Place) -> Span {
    let text = &file.text;
    let block = find_beginning(text, 0..text.len(), &place.block).unwrap_or(0..0);
    let rest = &text[block.start..];
    let end = block.start + rest.find("\n\n").unwrap_or(rest.len());
    let range = find_beginning(text, block.start..end, &place.line).unwrap_or(block);
    Span {
        file: file.clone(),
        range,
    }
}

/// The beginning of a line within `range` that is one of `beginnings`, without the blanks around it.
fn find_beginning(text: &str, range: Range<usize>, beginnings: &[String]) -> Option<Range<usize>> {
    let find = |beginning: &String| {
        let mut places = text[range.clone()].match_indices(beginning.as_str());
        let starts_line = |place: usize| place == 0 || text.as_bytes()[place - 1] == b'\n';
        let (offset, _) = places.find(|(offset, _)| starts_line(range.start + offset))?;
        let start = range.start + offset + beginning.len() - beginning.trim_start().len();
        let length = beginning.trim().trim_end_matches(" (").len();
        Some(start..start + length)
    };
    beginnings.iter().find_map(find)
}
