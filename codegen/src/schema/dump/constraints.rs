//! Constraints: within their table where they can be, else beneath it or after all tables.

use super::attached::comment;
use super::order::{Order, must_wait};
use super::parts::{Late, Step, now_or_later};
use crate::schema::model::{Constraint, ConstraintKind, Table};
use crate::sql::quote::commented;

pub(super) fn mirror(constraint: &Constraint) -> String {
    let definition = constraint.definition.trim_start_matches("FOREIGN KEY ");
    commented(
        "    ",
        &format!("foreign key: {} {definition}", constraint.sql),
    )
}

/// A constraint that is not valid must be added to the table afterwards, or it would become valid.
pub(super) fn is_inline(table: &Table, constraint: &Constraint, order: &Order<'_>) -> bool {
    let waits = must_wait(order, &table.name.sql, &constraint.attached.needs);
    constraint.kind != ConstraintKind::ForeignKey && constraint.valid && !waits
}

pub(super) fn later_constraints(table: &Table, order: &Order<'_>, late: &mut Vec<Late>) -> String {
    let name = &table.name.sql;
    let mut sql = String::new();
    for constraint in table
        .constraints
        .iter()
        .filter(|constraint| constraint.kind != ConstraintKind::ForeignKey)
    {
        let waits = must_wait(order, name, &constraint.attached.needs);
        let comment = constraint_comment(name, constraint);
        if is_inline(table, constraint, order) {
            continue;
        }
        let add = add_constraint(name, constraint) + if waits { &comment } else { "" };
        sql += &now_or_later(
            add,
            Step::Constraint,
            name,
            &constraint.attached.needs,
            order,
            late,
        );
    }
    sql
}

/// The comments on a constraint and on its index.
pub(super) fn constraint_comment(table: &str, constraint: &Constraint) -> String {
    let index = constraint.index.as_ref();
    let place = format!("{} ON {table}", constraint.sql);
    comment("CONSTRAINT", &place, &constraint.attached)
        + &index
            .map(|index| comment("INDEX", &index.sql, &index.attached))
            .unwrap_or_default()
}

/// The foreign keys of each table, one block a table.
pub(super) fn foreign_keys(tables: &[Table]) -> Vec<String> {
    let blocks = tables.iter().map(|table| {
        let name = &table.name.sql;
        let statements =
            foreign(table).map(|key| add_constraint(name, key) + &constraint_comment(name, key));
        statements.collect::<String>()
    });
    blocks.filter(|block| !block.is_empty()).collect()
}

pub(super) fn foreign(table: &Table) -> impl Iterator<Item = &Constraint> {
    table
        .constraints
        .iter()
        .filter(|constraint| constraint.kind == ConstraintKind::ForeignKey)
}

fn add_constraint(table: &str, constraint: &Constraint) -> String {
    format!(
        "ALTER TABLE {table} ADD CONSTRAINT {} {};\n",
        constraint.sql, constraint.definition
    )
}
