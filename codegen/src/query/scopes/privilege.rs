//! A privilege that a role lacks, in words and as the GRANT to copy.

use crate::sql::identifier::write_identifier;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A privilege that a role lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingPrivilege {
    /// `SELECT`, `INSERT (title)`, or `BYPASSRLS`.
    pub privilege: String,
    /// The relation that it is on, as SQL names it.
    pub relation: String,
    /// Whether GRANT gives it: an attribute of the role is given by ALTER ROLE.
    pub grantable: bool,
}

impl MissingPrivilege {
    /// The statement that grants it to a role.
    pub fn write_grant(&self, role: &str) -> String {
        let role = write_identifier(role);
        let Self {
            privilege,
            relation,
            ..
        } = self;
        if self.grantable {
            format!("GRANT {privilege} ON {relation} TO {role};")
        } else {
            format!("ALTER ROLE {role} {privilege};")
        }
    }
}

impl fmt::Display for MissingPrivilege {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            privilege,
            relation,
            ..
        } = self;
        if self.grantable {
            write!(formatter, "{privilege} on {relation}")
        } else {
            write!(formatter, "{privilege} for COPY INTO {relation}")
        }
    }
}
