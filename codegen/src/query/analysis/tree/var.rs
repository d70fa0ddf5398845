//! Columns of range-table entries, as expressions refer to them.

use super::node::Tagged;

/// A column of a range-table entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Var {
    /// How many queries further out the relation is.
    pub(crate) levels_up: usize,
    /// Its number in that query's range table, from 1.
    pub(crate) relation: usize,
    /// The column, from 1; 0 is the whole row, negative ones are the system's.
    pub(crate) column: i32,
    pub(crate) version: RowVersion,
}

/// Of which row a column of RETURNING is, by Postgres's `VarReturningType` (18).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowVersion {
    /// Of the row that the statement gives: the deleted one, or else the one it wrote.
    Default,
    /// Of `OLD`, which is missing where a row was inserted.
    Old,
    /// Of `NEW`, which is missing where a row was deleted.
    New,
}

impl Var {
    /// A column of a relation of the query itself.
    pub(crate) fn own(relation: usize, column: i32) -> Self {
        Self {
            levels_up: 0,
            relation,
            column,
            version: RowVersion::Default,
        }
    }
}

pub(super) fn convert(node: &Tagged) -> Option<Var> {
    Some(Var {
        levels_up: node.number("varlevelsup")?,
        relation: node.number("varno")?,
        column: node.number("varattno")?,
        version: row_version(node)?,
    })
}

fn row_version(var: &Tagged) -> Option<RowVersion> {
    match var.text("varreturningtype") {
        None | Some("0") => Some(RowVersion::Default),
        Some("1") => Some(RowVersion::Old),
        Some("2") => Some(RowVersion::New),
        // A version that is not known must not be taken for the row that the statement gives.
        Some(_) => None,
    }
}
