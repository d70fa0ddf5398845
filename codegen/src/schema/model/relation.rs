//! The parts of tables, views and composite types.

use super::{Attached, ColumnNumber, Name, ObjectId, Oid};
use serde::{Deserialize, Serialize};

/// A column of a table or view, or a field of a composite type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the catalog, independent of the others"
)]
pub struct Column {
    /// Its number in the catalog.
    pub number: ColumnNumber,
    /// Unquoted name.
    pub name: String,
    /// Name as SQL.
    pub sql: String,
    /// Type as SQL, with its modifiers: `character varying(100)`.
    pub data_type: String,
    /// Catalog number of the type.
    pub type_oid: Oid,
    /// Collation as SQL, when it is not the type's own.
    pub collation: Option<String>,
    /// Whether NULL is refused.
    pub not_null: bool,
    /// The constraint's name as SQL, where the server knows one that Postgres did not choose.
    pub not_null_name: Option<String>,
    /// The constraint's name as SQL, where the server knows one, also if Postgres chose it.
    pub not_null_constraint: Option<String>,
    /// Whether tables that inherit from this one may leave NOT NULL out: `NO INHERIT`.
    pub not_null_here: bool,
    /// `DEFAULT` expression.
    pub default: Option<String>,
    /// Whether it has none although the parent's column has one: `DEFAULT NULL`.
    pub no_default: bool,
    /// Whether the default calls a volatile function, so that each row gets a value of its own.
    pub default_is_volatile: bool,
    /// `GENERATED ALWAYS AS` expression, with `STORED` or `VIRTUAL`.
    pub generated: Option<String>,
    /// Whose that expression is.
    pub generation: Generation,
    /// `GENERATED … AS IDENTITY`.
    pub identity: Option<Identity>,
    /// Whether it is another table's, from which this one inherits, or its type's.
    pub inherited: bool,
    /// How it differs from the column that it was inherited as, without `ALTER COLUMN x`.
    pub changes: Vec<String>,
    /// `OPTIONS (…)` of a foreign table's column.
    pub options: Option<String>,
    /// Storage settings, without `ALTER COLUMN x`: `SET STORAGE EXTERNAL`.
    pub settings: Vec<String>,
    /// Objects that must exist before the default expression.
    pub default_needs: Vec<ObjectId>,
    /// Columns and row types that the default expression mentions.
    pub default_reads: Vec<ObjectId>,
    /// Comment and column grants.
    pub attached: Attached,
}

/// Whose expression a generated column has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Generation {
    /// Its own.
    #[default]
    Own,
    /// That of the table it inherits from, which its definition need not repeat.
    Above,
}

/// `GENERATED … AS IDENTITY` and the sequence behind it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// Whether values given by the user are refused: `ALWAYS`, otherwise `BY DEFAULT`.
    pub always: bool,
    /// Sequence options that differ from the default, as SQL.
    pub options: String,
    /// Catalog number of the sequence.
    pub sequence: Oid,
    /// The sequence as SQL.
    pub sequence_sql: String,
    /// Whether the sequence is unlogged.
    pub unlogged: bool,
    /// Owner, comment and grants of the sequence.
    pub attached: Attached,
}

/// An index that no constraint owns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// Catalog number.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// The whole `CREATE INDEX` statement, without the semicolon.
    pub definition: String,
    /// Whether it is unique over all rows: no predicate, no expression.
    pub unique: bool,
    /// Column numbers of its key; 0 for an expression.
    pub columns: Vec<ColumnNumber>,
    /// Its key as SQL, without defaults: `title text_pattern_ops DESC`.
    pub keys: Vec<String>,
    /// Column numbers of `INCLUDE`.
    pub included: Vec<ColumnNumber>,
    /// The access method: `btree`.
    pub method: String,
    /// `WHERE` expression of an index of some rows.
    pub predicate: Option<String>,
    /// Settings of its columns, without `ALTER INDEX x`: `ALTER COLUMN 1 SET STATISTICS 7`.
    pub settings: Vec<String>,
    /// Its bare name as SQL, when `CLUSTER` uses it.
    pub clustered: Option<String>,
    /// The index of the partitioned table that it is a partition of, as SQL.
    pub parent: Option<String>,
    /// Whether it is the part of an index of the partitioned table that this table is a partition of.
    pub of_parent: bool,
    /// Comment and dependencies.
    pub attached: Attached,
}

/// A trigger that a user created.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trigger {
    /// Catalog number.
    pub oid: Oid,
    /// Unquoted name.
    pub name: String,
    /// Name as SQL.
    pub sql: String,
    /// The whole `CREATE TRIGGER` statement, without the semicolon.
    pub definition: String,
    /// When it does not fire as usual: `DISABLE`, `ENABLE REPLICA` or `ENABLE ALWAYS`.
    pub state: Option<String>,
    /// Comment and dependencies.
    pub attached: Attached,
}

/// How a trigger fires that a partition has from its table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TriggerState {
    /// Name of the trigger as SQL.
    pub sql: String,
    /// `ENABLE`, `DISABLE`, `ENABLE REPLICA` or `ENABLE ALWAYS`.
    pub state: String,
}

/// A row-level security policy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Catalog number.
    pub oid: Oid,
    /// Unquoted name.
    pub name: String,
    /// Name as SQL.
    pub sql: String,
    /// Whether it restricts the rows that other policies allow: `AS RESTRICTIVE`.
    pub restrictive: bool,
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
    pub command: String,
    /// The roles it is for, as SQL; empty for every role.
    pub roles: Vec<String>,
    /// `USING` expression.
    pub using: Option<String>,
    /// `WITH CHECK` expression.
    pub check: Option<String>,
    /// Comment and dependencies.
    pub attached: Attached,
}
