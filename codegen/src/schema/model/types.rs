//! Types that migrations create.

use super::{Attached, Column, Name, Oid};
use serde::{Deserialize, Serialize};

/// An enum type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Enum {
    /// Catalog number.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// Its labels in their order.
    pub labels: Vec<String>,
    /// Owner, comment, grants.
    pub attached: Attached,
}

/// A composite type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Composite {
    /// Catalog number.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// Its fields in their order.
    pub fields: Vec<Column>,
    /// Owner, comment, grants, dependencies.
    pub attached: Attached,
}

/// A domain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Domain {
    /// Catalog number.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// The type it narrows, as SQL.
    pub base: String,
    /// Catalog number of the type it narrows.
    pub base_oid: Oid,
    /// Collation as SQL, when it is not the base type's own.
    pub collation: Option<String>,
    /// `DEFAULT` expression.
    pub default: Option<String>,
    /// Whether NULL is refused.
    pub not_null: bool,
    /// The constraint's name as SQL, where the server knows one that Postgres did not choose.
    pub not_null_name: Option<String>,
    /// The constraint's name as SQL, where the server knows one, also if Postgres chose it.
    pub not_null_constraint: Option<String>,
    /// `CHECK` constraints by name.
    pub constraints: Vec<DomainConstraint>,
    /// Owner, comment, grants, dependencies.
    pub attached: Attached,
}

/// A check of a domain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DomainConstraint {
    /// Catalog number.
    pub oid: Oid,
    /// Unquoted name.
    pub name: String,
    /// Name as SQL.
    pub sql: String,
    /// The definition as SQL, without `CONSTRAINT name`.
    pub definition: String,
    /// Whether existing values were checked: `false` for `NOT VALID`.
    pub valid: bool,
    /// Comment.
    pub attached: Attached,
}
