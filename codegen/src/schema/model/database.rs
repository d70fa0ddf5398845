//! The database itself, its schemas, extensions and default privileges.

use super::{Attached, Grant, Oid};
use serde::{Deserialize, Serialize};

/// The comment, grants and settings of the database; its name is not part of the schema.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Database {
    /// Comment and grants.
    pub attached: Attached,
    /// `ALTER DATABASE … SET` and `ALTER ROLE … IN DATABASE … SET`.
    pub settings: Vec<Setting>,
}

/// One configuration parameter of a role or database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// The role it is for, as SQL; `None` for every role.
    pub role: Option<String>,
    /// The setting as SQL, without `SET`: `statement_timeout TO '5s'`.
    pub sql: String,
}

/// A schema.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Namespace {
    /// Catalog number.
    pub oid: Oid,
    /// Unquoted name.
    pub name: String,
    /// Name as SQL.
    pub sql: String,
    /// Owner, comment, grants.
    pub attached: Attached,
}

/// An installed extension, whose version is the server's affair.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Extension {
    /// Catalog number.
    pub oid: Oid,
    /// Unquoted name.
    pub name: String,
    /// Name as SQL.
    pub sql: String,
    /// The schema its objects live in, as SQL.
    pub schema: String,
    /// The comment, only when it is not the extension's own.
    pub attached: Attached,
}

/// `ALTER DEFAULT PRIVILEGES` for objects of one kind that one role creates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DefaultPrivileges {
    /// Catalog number.
    pub oid: Oid,
    /// The creating role as SQL, when that is not the role that migrated.
    pub role: Option<String>,
    /// The schema it is limited to, as SQL.
    pub schema: Option<String>,
    /// `TABLES`, `SEQUENCES`, `FUNCTIONS`, `TYPES` or `SCHEMAS`.
    pub objects: String,
    /// The privileges.
    pub grants: Vec<Grant>,
}

/// Privileges on an object that no migration made: one of Postgres itself or of an extension.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForeignGrants {
    /// The kind, as `GRANT … ON` spells it: `FUNCTION`, `SCHEMA`, `LANGUAGE` ….
    pub kind: String,
    /// Its name as SQL.
    pub sql: String,
    /// The privileges that differ from those it came with.
    pub grants: Vec<Grant>,
}
