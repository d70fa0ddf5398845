//! The parameters of a query and the rows that it embeds, as data.

use crate::report::source::Span;
use serde::{Deserialize, Serialize};

/// One parameter of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name, if it was given one.
    pub name: Option<String>,
    /// Whether the query says that it may be NULL.
    pub nullable: bool,
    /// Whether the query says that it is an array whose elements may be NULL.
    pub elements_nullable: bool,
    /// Which column it is, if it is one of a list of rows: `(a, b) IN (:pairs)` has two parameters of the name `pairs`.
    pub part: Option<RowPart>,
    /// Where it is first written.
    pub span: Span,
}

/// A column of a list of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowPart {
    /// Counted from 0.
    pub index: usize,
    /// How many columns there are; their parameters follow each other.
    pub of: usize,
}

impl RowPart {
    /// The name by which its number is found: no parameter has one with brackets.
    pub(super) fn key(self, name: &str) -> String {
        match self.index {
            0 => name.to_owned(),
            index => format!("{name}[{index}]"),
        }
    }
}

/// `sqlc.embed(name)` in the list of the statement itself: a row of a relation, as one field of the query's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embed {
    /// The relation's name in the query.
    pub relation: String,
    /// Where it is written.
    pub span: Span,
}
