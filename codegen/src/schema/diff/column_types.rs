//! `ALTER COLUMN … TYPE` of a kept column, with those of the child tables.

use super::columns::with_children;
use super::comparison::{Comparison, find_column, find_table};
use super::ids::{column_id, default_id};
use super::operation::DatabaseFact;
use super::plan::Plan;
use super::renamed_types::is_freed;
use super::retype::{Conversion, retype};
use crate::schema::model::{Column, ObjectId, ObjectKind, Table};

/// The defaults of the column in child tables. Postgres converts the columns together, and so would the defaults.
pub(super) fn list_defaults_below(
    comparison: &Comparison<'_>,
    table: &Table,
    column: &Column,
) -> Vec<ObjectId> {
    let children = comparison.descendants(table).into_iter();
    let has_default = |child: &Table| {
        let own = find_column(child, &column.name);
        own.is_some_and(|own| own.default.is_some() && own.generated.is_none())
    };
    let with_default = children.filter(|(child, _)| has_default(child));
    with_default
        .map(|(child, _)| default_id(child, column))
        .collect()
}

/// `ALTER COLUMN … TYPE`, which converts the column of the child tables too.
pub(super) fn retype_column(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    table: &Table,
    (old, new): (&Column, &Column),
) {
    let relation = &table.name.sql;
    let former_table = find_table(&comparison.before, relation);
    let former = former_table.and_then(|former| find_column(former, &new.name));
    let former = former.map_or("", |former| former.data_type.as_str());
    let is_freed = is_freed(comparison, table, new);
    let conversion = Conversion::of(comparison, former, new);
    // The text that the values of a freed column are has no fields.
    let has_way = |found: &Conversion| !(is_freed && matches!(found, Conversion::ByField { .. }));
    let Some(conversion) = conversion.filter(has_way) else {
        refuse_rows(plan, table, (former, new));
        return;
    };
    let changed = with_children(comparison, table, new);
    let pair = (former_table.unwrap_or(table), table);
    let mut operation = retype(pair, &conversion, (old, new));
    operation = operation.creates_only(comparison, changed.clone());
    if !is_freed {
        operation = operation.drops(comparison, &changed);
    }
    // A default was dropped by a statement of its own: what waits for that must not wait for this one too, which may wait for
    // it, as a sequence that the column owns does.
    operation
        .provides
        .retain(|fact| !matches!(fact, DatabaseFact::Gone(id) if id.kind == ObjectKind::Default));
    // A converted column is no obstacle to itself.
    operation.needs.retain(|need| match need {
        DatabaseFact::Gone(id) | DatabaseFact::Free(id) => !changed.contains(id),
        _ => true,
    });
    plan.add(operation.on(column_id(relation, new)));
}

/// Names a column whose values cannot be converted field by field.
pub(super) fn refuse_rows(plan: &mut Plan, table: &Table, (former, column): (&str, &Column)) {
    let (name, data_type) = (&column.sql, &column.data_type);
    plan.leave_to_person(format!(
        "column {}.{name}: the values of {former} have their fields in another order than those of {data_type}, and no \
         expression converts them: add a column of the new type, fill it with UPDATE, field by field, and drop the old one",
        table.name.sql
    ));
}
