//! The parts of a statement in which something is replaced: each `*`, and each INSERT without a list of columns.

use super::star::Of;
use std::ops::Range;

/// A part of a statement with a `*` in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StarBlock {
    pub(super) home: Home,
    /// The list of SELECT or RETURNING.
    pub(super) items: Vec<ListItem>,
    /// Every `t.*` in a row constructor or VALUES.
    pub(super) rows: Vec<Star>,
    /// Each INSERT without a list of columns.
    pub(super) inserts: Vec<StarInsert>,
}

/// Which query of the statement a block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// A SELECT, with the end of its FROM.
    From(usize),
    /// A SELECT without FROM, with the place for one.
    NoFrom(usize),
    /// TABLE, which is a SELECT of its own kind.
    Table(Range<usize>),
    /// The statement itself, not a SELECT.
    Statement,
    /// The same in WITH, by its name.
    Cte(String),
}

/// An element of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ListItem {
    Value,
    Star(Star),
}

/// A `*`, with the bytes that its columns replace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Star {
    pub(super) range: Range<usize>,
    pub(super) of: Of,
}

/// An INSERT that gives its values by position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StarInsert {
    /// Where its list of columns belongs.
    pub(super) at: usize,
    /// The values of an INSERT of MERGE; of any other the tree knows how many columns it fills.
    pub(super) values: Option<Vec<ListItem>>,
}

impl StarBlock {
    /// The bytes of everything in it that is replaced.
    pub(super) fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        let items = self.items.iter().filter_map(|item| match item {
            ListItem::Star(star) => Some(star.range.clone()),
            ListItem::Value => None,
        });
        let rows = self.rows.iter().map(|star| star.range.clone());
        items
            .chain(rows)
            .chain(self.inserts.iter().map(|insert| insert.at..insert.at))
    }
}
