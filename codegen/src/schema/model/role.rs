//! Roles, which belong to the cluster and not to the database.

use serde::{Deserialize, Serialize};

/// A role that this schema mentions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// Unquoted name.
    pub name: String,
    /// Name as SQL.
    pub sql: String,
    /// The attributes that differ from a new role's, as SQL: `LOGIN`, `BYPASSRLS` ….
    pub attributes: Vec<String>,
    /// The roles it is a member of, among those of this schema and the predefined ones.
    pub member_of: Vec<Membership>,
    /// The settings as SQL, without `SET`: `statement_timeout TO '5s'`.
    pub settings: Vec<String>,
    /// `COMMENT ON` text.
    pub comment: Option<String>,
}

/// One role's membership in another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Membership {
    /// The group, as SQL.
    pub role: String,
    /// The options that differ from the default, as SQL: `ADMIN OPTION`, `INHERIT FALSE` ….
    pub options: Vec<String>,
}
