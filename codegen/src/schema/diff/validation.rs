//! Checks that are not valid in a table, and valid in some of the tables that inherit them.

use super::comparison::Comparison;
use super::ids::constraint_id;
use super::operation::{DatabaseFact, Operation, Rank};
use super::plan::Plan;
use crate::schema::Schema;
use crate::schema::dump::constraints::validate_constraint;
use crate::schema::model::{Constraint, ObjectId, Table};

/// Validates a check that is not valid in those tables below in which it is valid.
///
/// A child table that is created while its parent has the check takes it as a valid one; one that exists when the check is
/// added does not.
pub(super) fn validate_below(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    (table, constraint): (&Table, &Constraint),
    former: Option<&Constraint>,
) {
    for below in list_valid(comparison.new, table, constraint) {
        let was_valid = former.is_some_and(|former| {
            is_valid_in(former, below) || comparison.kept_table(below).is_none()
        });
        if !was_valid {
            let sql = validate_constraint(below, constraint);
            let check = constraint_id(table, constraint);
            let needs = [check, ObjectId::relation(below)].map(DatabaseFact::Ready);
            plan.add(Operation::new(Rank::CreateConstraint, sql).needs(needs));
        }
    }
}

/// Whether the check, which a script can only validate, may stay as far as the tables below are concerned.
pub(super) fn can_stay_below(
    comparison: &Comparison<'_>,
    old: &Constraint,
    (table, new): (&Table, &Constraint),
) -> bool {
    let Some(valid) = &new.valid_below else {
        // It is valid in all of them.
        return true;
    };
    let below = list_below(comparison.new, &table.name.sql);
    below.into_iter().all(|below| {
        // A new child table takes it as a valid one.
        let becomes_valid = comparison.kept_table(below).is_none() || is_valid_in(old, below);
        !becomes_valid || valid.iter().any(|name| name == below)
    })
}

/// Whether a check of a table is valid in a table below, where it is not valid in all of them.
fn is_valid_in(check: &Constraint, below: &str) -> bool {
    let tables = check.valid_below.as_ref();
    tables.is_none_or(|tables| tables.iter().any(|table| table == below))
}

/// The child tables in which a check is valid that is not valid in the table itself.
fn list_valid<'a>(schema: &'a Schema, table: &Table, check: &'a Constraint) -> Vec<&'a str> {
    match &check.valid_below {
        Some(tables) => tables.iter().map(String::as_str).collect(),
        None if !check.valid && check.is_inherited_check() => list_below(schema, &table.name.sql),
        None => Vec::new(),
    }
}

/// The tables that inherit from the table, at all levels. Partitions are not among them: they state their checks.
fn list_below<'a>(schema: &'a Schema, name: &str) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    let mut parents = vec![name.to_owned()];
    while let Some(parent) = parents.pop() {
        for table in &schema.tables {
            // A table can inherit from two tables below, and is named once.
            let is_known = found.contains(&table.name.sql.as_str());
            if table.inherits.contains(&parent) && !is_known {
                found.push(&table.name.sql);
                parents.push(table.name.sql.clone());
            }
        }
    }
    found
}
