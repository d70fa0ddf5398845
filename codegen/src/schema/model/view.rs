//! Views and materialized views.

use super::{Attached, Column, Index, Name, Oid, Trigger};
use serde::{Deserialize, Serialize};

/// A view or materialized view.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Catalog number.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// Which of the two it is.
    pub kind: ViewKind,
    /// The query, without the semicolon.
    pub query: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// How a materialized view is stored, as SQL, when not as `heap`.
    pub access_method: Option<String>,
    /// Options, as SQL: `security_invoker = true`.
    pub options: Vec<String>,
    /// Indexes of a materialized view.
    pub indexes: Vec<Index>,
    /// `INSTEAD OF` triggers.
    pub triggers: Vec<Trigger>,
    /// Owner, comment, grants, dependencies.
    pub attached: Attached,
}

/// The two kinds of view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ViewKind {
    /// Evaluated by each query.
    #[default]
    View,
    /// Stored.
    Materialized,
    /// Stored, and not yet filled: `WITH NO DATA`.
    Unpopulated,
}
