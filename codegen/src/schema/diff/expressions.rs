//! Generated columns that become plain ones: DROP EXPRESSION, which keeps their values.

use super::comparison::{Comparison, find_column};
use super::ids::{column_id, default_id};
use super::operation::{Operation, Rank};
use super::plan::Plan;
use crate::schema::model::{Column, ObjectId, Table};

/// Drops the expression of the column, here and in the child tables.
pub(super) fn drop_expression(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    table: &Table,
    column: &Column,
) {
    let (relation, name) = (&table.name.sql, &column.sql);
    if let Some(child) = find_parent_below(comparison, table) {
        plan.leave_to_person(format!(
            "column {relation}.{name}: Postgres does not drop its expression, because child table {child} has child tables \
             of its own: write a migration that adds a column, copies the values, drops this one and renames the other"
        ));
        return;
    }
    let mut dropped = expressions_below(comparison, table, column);
    dropped.push(default_id(table, column));
    let sql = format!("ALTER TABLE {relation} ALTER COLUMN {name} DROP EXPRESSION;\n");
    let drop = Operation::new(Rank::AlterTable, sql).on(column_id(relation, column));
    plan.add(drop.drops(comparison, &dropped));
}

/// A child table that has child tables. Postgres refuses DROP EXPRESSION of a column that those have too: it visits each child
/// table as if the statement named it alone (`ATPrepDropExpression`).
fn find_parent_below<'a>(comparison: &Comparison<'a>, table: &Table) -> Option<&'a str> {
    let children = comparison.descendants(table).into_iter();
    let mut parents = children.filter(|(child, _)| !comparison.descendants(child).is_empty());
    parents.next().map(|(child, _)| child.name.sql.as_str())
}

/// The expressions of the column in child tables, which Postgres drops with that of the table.
fn expressions_below(comparison: &Comparison<'_>, table: &Table, column: &Column) -> Vec<ObjectId> {
    let children = comparison.descendants(table).into_iter();
    let expressions = children.filter_map(|(before, _)| {
        let own = find_column(before, &column.name)?;
        own.generated.is_some().then(|| default_id(before, own))
    });
    expressions.collect()
}
