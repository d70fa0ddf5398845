//! The schema as plain data: no behaviour, no connection, nothing hidden.
//!
//! Lists are sorted by schema and name, columns by their physical position, so two databases with
//! the same schema give equal values whatever the order their objects were created in.

mod attached;
mod database;
mod function;
mod name;
mod object_id;
mod relation;
mod role;
mod sequence;
mod statement;
mod table;
mod types;
mod view;

pub use attached::{Attached, Grant, PrivilegeChange};
pub use database::{Database, DefaultPrivileges, Extension, ForeignGrants, Namespace, Setting};
pub use function::{Function, FunctionKind};
pub use name::{ColumnNumber, Name, Number, Oid};
pub use object_id::{ObjectId, ObjectKind};
pub use relation::{Column, Generation, Identity, Index, Policy, Trigger, TriggerState};
pub use role::{Membership, Role};
pub use sequence::{Sequence, SequenceOwner};
pub use statement::{Statement, StatementKind};
pub use table::{
    Constraint, ConstraintKind, CopiedConstraint, KeyIndex, Partition, Reference, Table,
};
pub use types::{Composite, Domain, DomainConstraint, Enum};
pub use view::{View, ViewKind};

use serde::{Deserialize, Serialize};

/// Everything of one database that its migrations made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    /// The database itself.
    pub database: Database,
    /// The roles this database's objects mention, and those its migrations created.
    pub roles: Vec<Role>,
    /// Schemas, `public` among them unless it was dropped.
    pub schemas: Vec<Namespace>,
    /// Extensions, without the `plpgsql` that every database starts with.
    pub extensions: Vec<Extension>,
    /// Enum types.
    pub enums: Vec<Enum>,
    /// Composite types that were created as such; the row types of tables are not listed.
    pub composites: Vec<Composite>,
    /// Domains.
    pub domains: Vec<Domain>,
    /// Sequences; those of identity columns are part of their column.
    pub sequences: Vec<Sequence>,
    /// Functions and procedures.
    pub functions: Vec<Function>,
    /// Tables, partitioned ones and partitions among them.
    pub tables: Vec<Table>,
    /// Views and materialized views.
    pub views: Vec<View>,
    /// Objects of the rarer kinds, each one statement.
    pub statements: Vec<Statement>,
    /// Privileges on objects that no migration made.
    pub foreign_grants: Vec<ForeignGrants>,
    /// Privileges on objects that are created later.
    pub default_privileges: Vec<DefaultPrivileges>,
    /// The constraints that partitions and child tables have from others. They follow from the rest, so no comparison looks at
    /// them.
    pub copied_constraints: Number<Vec<CopiedConstraint>>,
}
