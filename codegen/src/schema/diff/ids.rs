//! The names of parts of tables and domains, as dependencies refer to them.

use crate::schema::model::{
    Column, Constraint, Domain, DomainConstraint, Index, ObjectId, ObjectKind, Policy, Table,
    Trigger,
};

/// The table.
pub(super) fn table_id(table: &Table) -> ObjectId {
    ObjectId::relation(table.name.sql.as_str())
}

/// The type of the table's rows.
pub(super) fn row_type_id(table: &Table) -> ObjectId {
    ObjectId::data_type(table.name.sql.as_str())
}

/// The column, of a table or view.
pub(super) fn column_id(relation: &str, column: &Column) -> ObjectId {
    ObjectId::part(ObjectKind::Column, relation, &column.sql)
}

/// The default of the column, or its expression if it is generated.
pub(super) fn default_id(table: &Table, column: &Column) -> ObjectId {
    ObjectId::part(ObjectKind::Default, &table.name.sql, &column.sql)
}

/// The constraint of the table.
pub(super) fn constraint_id(table: &Table, constraint: &Constraint) -> ObjectId {
    ObjectId::part(ObjectKind::Constraint, &table.name.sql, &constraint.sql)
}

/// The index, which shares its name space with tables.
pub(super) fn index_id(index: &Index) -> ObjectId {
    ObjectId::relation(index.name.sql.as_str())
}

/// The trigger of the relation.
pub(super) fn trigger_id(relation: &str, trigger: &Trigger) -> ObjectId {
    ObjectId::part(ObjectKind::Trigger, relation, &trigger.sql)
}

/// The policy of the table.
pub(super) fn policy_id(table: &Table, policy: &Policy) -> ObjectId {
    ObjectId::part(ObjectKind::Policy, &table.name.sql, &policy.sql)
}

/// The check of the domain.
pub(super) fn check_id(domain: &Domain, check: &DomainConstraint) -> ObjectId {
    ObjectId::part(ObjectKind::Constraint, &domain.name.sql, &check.sql)
}
