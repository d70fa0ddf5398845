//! Objects that are one statement each, which nothing after the schema looks into.

use super::{Attached, Name, Oid};
use serde::{Deserialize, Serialize};

/// An object that one statement makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Catalog number.
    pub oid: Oid,
    /// The kind of object.
    pub kind: StatementKind,
    /// Its name; `sql` as `COMMENT ON` spells it, so with the argument types or the table where it has one.
    pub name: Name,
    /// The whole `CREATE` statement, without the semicolon.
    pub definition: String,
    /// A statement for settings that `CREATE` does not have, without the semicolon.
    pub alteration: Option<String>,
    /// Owner, comment, grants, dependencies.
    pub attached: Attached,
}

/// The kinds of such objects, in the order of schema.sql.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StatementKind {
    /// `CREATE ACCESS METHOD`.
    AccessMethod,
    /// `CREATE COLLATION`.
    Collation,
    /// `CREATE CONVERSION`.
    Conversion,
    /// `CREATE TYPE` without more.
    ShellType,
    /// `CREATE TYPE … AS RANGE`, without a canonical function.
    RangeType,
    /// `CREATE AGGREGATE`.
    Aggregate,
    /// `CREATE OPERATOR`.
    Operator,
    /// `CREATE OPERATOR FAMILY`.
    OperatorFamily,
    /// `CREATE OPERATOR CLASS`.
    OperatorClass,
    /// `CREATE CAST`.
    Cast,
    /// `CREATE TRANSFORM`.
    Transform,
    /// `CREATE TEXT SEARCH PARSER`.
    TextSearchParser,
    /// `CREATE TEXT SEARCH TEMPLATE`.
    TextSearchTemplate,
    /// `CREATE TEXT SEARCH DICTIONARY`.
    TextSearchDictionary,
    /// `CREATE TEXT SEARCH CONFIGURATION`.
    TextSearchConfiguration,
    /// `CREATE FOREIGN DATA WRAPPER`.
    ForeignDataWrapper,
    /// `CREATE SERVER`.
    Server,
    /// `CREATE USER MAPPING`.
    UserMapping,
    /// `CREATE STATISTICS`.
    Statistics,
    /// `CREATE RULE`.
    Rule,
    /// `CREATE PUBLICATION`.
    Publication,
    /// `CREATE EVENT TRIGGER`.
    EventTrigger,
}
