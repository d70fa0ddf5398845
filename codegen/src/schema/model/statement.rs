//! Objects that are one statement each, which nothing after the schema looks into.

use super::{Attached, Name, Oid};

/// An object that one statement makes.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Catalog number.
    pub oid: Oid,
    /// What it is.
    pub kind: StatementKind,
    /// Its name; `sql` as `COMMENT ON` spells it, so with the argument types or the table where it has one.
    pub name: Name,
    /// The whole `CREATE` statement, without the semicolon.
    pub definition: String,
    /// A statement that sets what `CREATE` cannot, without the semicolon.
    pub alteration: Option<String>,
    /// Owner, comment, grants, dependencies.
    pub attached: Attached,
}

/// The kinds of such objects, in the order of schema.sql.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatementKind {
    /// `CREATE COLLATION`.
    Collation,
    /// `CREATE TYPE … AS RANGE`, without a canonical function.
    RangeType,
    /// `CREATE AGGREGATE`, other than ordered-set ones.
    Aggregate,
    /// `CREATE CAST`.
    Cast,
    /// `CREATE STATISTICS`.
    Statistics,
    /// `CREATE RULE`.
    Rule,
    /// `CREATE EVENT TRIGGER`.
    EventTrigger,
}
