//! Sequences that are not hidden behind an identity column.

use super::{Attached, Name, Oid};
use serde::{Deserialize, Serialize};

/// A sequence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sequence {
    /// Catalog number.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// The type of its values, as SQL.
    pub data_type: String,
    /// Options that differ from the default, as SQL: `INCREMENT BY 2 CACHE 10`.
    pub options: String,
    /// Whether it is unlogged.
    pub unlogged: bool,
    /// The column that it is dropped with.
    pub owned_by: Option<SequenceOwner>,
    /// Owner, comment, grants.
    pub attached: Attached,
}

/// The column that owns a sequence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SequenceOwner {
    /// The table, as SQL.
    pub table: String,
    /// The column, as SQL.
    pub column: String,
    /// Whether table, column and sequence are named as `serial` names them.
    pub named_as_serial: bool,
}
