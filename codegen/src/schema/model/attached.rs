//! Owner, comment, grants and dependencies of any object.

use super::ObjectId;
use serde::{Deserialize, Serialize};

/// Owner, comment, grants and dependencies of one object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attached {
    /// The owning role as SQL, when that is not the role that migrated.
    pub owner: Option<String>,
    /// `COMMENT ON` text.
    pub comment: Option<String>,
    /// `COMMENT ON TYPE` text of the row type that a table or view has.
    pub row_type_comment: Option<String>,
    /// Privileges that differ from those a new object of the kind has.
    pub grants: Vec<Grant>,
    /// Objects that must exist first.
    pub needs: Vec<ObjectId>,
    /// Columns, keys and row types that its definition mentions, of its own table too; of a column, its type and collation.
    pub reads: Vec<ObjectId>,
}

/// Privileges of one role that differ from the default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// Whether the privileges were given or taken away.
    pub change: PrivilegeChange,
    /// `PUBLIC`, `CURRENT_USER` for the role that migrated, or another role as SQL.
    pub grantee: String,
    /// The privileges, `ALL` alone when it is every one of several.
    pub privileges: Vec<String>,
    /// The role that granted them, when that is not the owner.
    pub grantor: Option<String>,
    /// Whether the role may grant them on.
    pub grantable: bool,
}

/// The direction in which privileges differ from the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PrivilegeChange {
    /// `GRANT`.
    Grant,
    /// `REVOKE`.
    Revoke,
}
