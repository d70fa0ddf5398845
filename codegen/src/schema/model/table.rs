//! Tables and their constraints.

use super::{Attached, Column, ColumnNumber, Index, Name, Oid, Policy, Trigger, TriggerState};
use serde::{Deserialize, Serialize};

/// A table: partitioned or not, of rows that are stored here or on a foreign server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Catalog number.
    pub oid: Oid,
    /// Its name.
    pub name: Name,
    /// Columns in physical order.
    pub columns: Vec<Column>,
    /// Constraints: primary key, unique, exclusion, check, foreign key, each by name.
    pub constraints: Vec<Constraint>,
    /// Indexes that no constraint owns.
    pub indexes: Vec<Index>,
    /// Triggers.
    pub triggers: Vec<Trigger>,
    /// The triggers of the partitioned table that fire otherwise in this partition.
    pub trigger_states: Vec<TriggerState>,
    /// Row-level security policies.
    pub policies: Vec<Policy>,
    /// Whether row-level security is enabled.
    pub row_security: bool,
    /// Whether row-level security holds for the owner too.
    pub force_row_security: bool,
    /// Whether the table is unlogged.
    pub unlogged: bool,
    /// Storage parameters, as SQL: `fillfactor = 70`.
    pub options: Vec<String>,
    /// The partition key of a partitioned table, without `PARTITION BY`.
    pub partition_key: Option<String>,
    /// The table it is a partition of.
    pub partition: Option<Partition>,
    /// The tables it inherits from, as SQL, in their order.
    pub inherits: Vec<String>,
    /// The composite type that its columns are of, as SQL: `CREATE TABLE … OF`.
    pub of_type: Option<String>,
    /// The server and options of a foreign table: `SERVER away OPTIONS (…)`.
    pub foreign: Option<String>,
    /// How it is stored, as SQL, when not as `heap`.
    pub access_method: Option<String>,
    /// The replica identity, when it is not the default, without `REPLICA IDENTITY`.
    pub replica_identity: Option<String>,
    /// Rows of a table whose name ends in `_enum`, one text per column that is not generated.
    pub rows: Vec<Vec<Option<String>>>,
    /// Owner, comment, grants, dependencies.
    pub attached: Attached,
}

/// A table's place in a partitioned one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Partition {
    /// The partitioned table as SQL.
    pub of: String,
    /// Which rows it holds, as SQL: `FOR VALUES FROM (1) TO (10)`.
    pub bound: String,
}

/// A constraint of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Constraint {
    /// Catalog number.
    pub oid: Oid,
    /// Unquoted name.
    pub name: String,
    /// Name as SQL.
    pub sql: String,
    /// Which constraint it is.
    pub kind: ConstraintKind,
    /// The definition as SQL, without `CONSTRAINT name`.
    pub definition: String,
    /// Of a check of a partitioned table, the definition with each parenthesis: `a AND (b AND c)` is another expression than
    /// `a AND b AND c`, and a partition has to have the same one.
    pub nested_definition: Option<String>,
    /// Whether existing rows were checked: `false` for `NOT VALID`.
    pub valid: bool,
    /// Of a check that is not valid here and in a table that inherits it: the tables below, as SQL, in which it is valid.
    pub valid_below: Option<Vec<String>>,
    /// Numbers of the constrained columns.
    pub columns: Vec<ColumnNumber>,
    /// The target of a foreign key.
    pub references: Option<Reference>,
    /// The index behind a key or `EXCLUDE`.
    pub index: Option<KeyIndex>,
    /// The bare name of its index as SQL, when `CLUSTER` uses that.
    pub clustered: Option<String>,
    /// Whether it is the part of a key of the partitioned table that this table is a partition of.
    pub of_parent: bool,
    /// Comment and dependencies.
    pub attached: Attached,
}

/// The index that a constraint makes and owns; its definition is the constraint's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeyIndex {
    /// Its name as SQL.
    pub sql: String,
    /// The index of the partitioned table that it is a partition of, as SQL.
    pub parent: Option<String>,
    /// A comment of its own.
    pub attached: Attached,
}

/// The target of a foreign key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// Catalog number of the table.
    pub table_oid: Oid,
    /// The table as SQL.
    pub table: String,
    /// Numbers of the target columns, in the order of the constrained ones.
    pub columns: Vec<ColumnNumber>,
    /// The unique index of the table that it depends on, as SQL.
    pub index: String,
}

/// The kinds of constraint, in the order a table lists them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ConstraintKind {
    /// `PRIMARY KEY`.
    PrimaryKey,
    /// `UNIQUE`.
    Unique,
    /// `EXCLUDE`.
    Exclusion,
    /// `CHECK`.
    #[default]
    Check,
    /// `NOT NULL` that is not valid yet; a valid one is part of its column.
    NotNull,
    /// `FOREIGN KEY`.
    ForeignKey,
}

/// A constraint or unique index that a partition or a child table has from the table above it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CopiedConstraint {
    /// The table at the top, by its catalog number, and the name that the constraint has there.
    pub top: (u32, String),
    /// Catalog number of the table that an error names.
    pub relation: u32,
    /// Unquoted schema of that table.
    pub schema: String,
    /// Unquoted name of that table.
    pub table: String,
    /// Unquoted name that an error has.
    pub name: String,
}
