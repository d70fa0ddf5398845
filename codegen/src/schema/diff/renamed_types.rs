//! Types that are recreated: the old type is renamed, and columns keep using it until they are converted.

use super::comparison::{Comparison, find_column};
use super::composite_values::describe_lost_fields;
use super::graph::GraphItem;
use super::ids::{column_id, table_id};
use super::inheritance;
use super::objects::object_word;
use super::operation::{DatabaseFact, Operation, Rank, is_renamed};
use super::plan::Plan;
use super::rebuilt::renamed_table;
use crate::schema::dump::nodes::{DumpNode, parts};
use crate::schema::model::{Column, Enum, Name, ObjectId, Table};
use crate::sql::quote::quote_identifier;

/// Frees columns from a type or collation that cannot be renamed, and drops generated columns that are recreated.
pub(super) fn free_columns(plan: &mut Plan, comparison: &Comparison<'_>) {
    for (before, after) in comparison.tables.iter().copied() {
        if comparison.fates.is_gone(&table_id(before)) {
            continue;
        }
        let inherited = inheritance::inherited_names(comparison, before);
        let recreated = comparison.recreated_columns(before, after);
        for column in &before.columns {
            if inherited.contains(&column.name) || find_column(after, &column.name).is_none() {
                continue;
            }
            if column.generated.is_none() {
                convert_to_text(plan, comparison, before, column);
            } else if recreated.contains(&column.name) {
                drop_generated(plan, comparison, before, column);
            }
        }
    }
}

fn drop_generated(plan: &mut Plan, comparison: &Comparison<'_>, table: &Table, column: &Column) {
    let (name, relation) = (&column.sql, &table.name.sql);
    let children = comparison.descendants(table).into_iter();
    let children = children.map(|(child, _)| column_id(&child.name.sql, column));
    let id = column_id(relation, column);
    let dropped: Vec<ObjectId> = std::iter::once(id.clone()).chain(children).collect();
    let sql = format!("ALTER TABLE {relation} DROP COLUMN {name};\n");
    let drop = Operation::new(Rank::FreeColumn, sql).drops(comparison, &dropped);
    plan.add(drop.on(id));
}

/// Renames each type that has to be recreated; columns keep using the renamed type until they are converted.
pub(super) fn rename_types(plan: &mut Plan, comparison: &Comparison<'_>) {
    for id in comparison
        .fates
        .gone()
        .iter()
        .filter(|id| is_renamed(comparison, id))
    {
        let (Some(GraphItem::Object(node)), Some(GraphItem::Object(other))) = (
            comparison.before.items.get(id),
            comparison.after.items.get(id),
        ) else {
            continue;
        };
        let name = parts(node).1;
        let former = quote_identifier(&renamed_type_name(name));
        let sql = format!(
            "ALTER {} {} RENAME TO {former};\n",
            object_word(node),
            name.sql
        );
        let rename = Operation::new(Rank::RenameType, sql)
            .needs(named_dependents(comparison, id))
            .provides([DatabaseFact::Free(id.clone())]);
        plan.add(match describe_loss(node, other) {
            Some(lost) => rename.loses(lost),
            None => rename,
        });
    }
}

/// Objects and parts that name the type in a statement that drops them. Columns and types keep it under its other name.
fn named_dependents(comparison: &Comparison<'_>, id: &ObjectId) -> Vec<DatabaseFact> {
    let dependents = comparison.before.dependents(id).iter();
    let naming = dependents.filter(|id| match comparison.before.items.get(id) {
        Some(GraphItem::Object(node)) => {
            matches!(
                node,
                DumpNode::View(_) | DumpNode::Function(_) | DumpNode::Statement(_)
            )
        }
        Some(GraphItem::Column(_) | GraphItem::RowType) | None => false,
        Some(_) => true,
    });
    naming.cloned().map(DatabaseFact::Gone).collect()
}

/// Whether the column was converted to text, and depends no more on the type or collation that it had.
pub(super) fn is_freed(comparison: &Comparison<'_>, table: &Table, column: &Column) -> bool {
    let former = super::comparison::find_table(&comparison.before, &table.name.sql);
    let former = former.and_then(|former| find_column(former, &column.name));
    former.is_some_and(|former| {
        has_unrenamed_type(comparison, former) || comparison.fates.has_gone_collation(former)
    })
}

fn has_unrenamed_type(comparison: &Comparison<'_>, column: &Column) -> bool {
    let recreated = comparison.fates.recreated_type(column);
    recreated.is_some_and(|id| comparison.after.has(id) && !is_renamed(comparison, id))
}

/// The column after the types were renamed.
pub(super) fn column_after_renames(comparison: &Comparison<'_>, column: &Column) -> Column {
    let mut left = column.clone();
    if comparison.fates.has_gone_collation(column) {
        left.collation = None;
        left.default = None;
    }
    let recreated = comparison.fates.recreated_type(column);
    if let Some(id) = recreated.filter(|id| comparison.after.has(id)) {
        let element = element_type(column);
        left.default = None;
        left.data_type = match comparison.before.items.get(id) {
            Some(GraphItem::Object(node)) if is_renamed(comparison, id) => {
                renamed_type(parts(node).1) + &column.data_type[element.len()..]
            }
            _ => "text".to_owned() + &column.data_type[element.len()..],
        };
    }
    left
}

/// The temporary name of a type, as SQL.
pub(super) fn renamed_type(name: &Name) -> String {
    let former = quote_identifier(&renamed_type_name(name));
    match name.schema.as_str() {
        "public" => former,
        schema => format!("{}.{former}", quote_identifier(schema)),
    }
}

/// The name, as SQL, that a type of the old schema has while values are converted.
pub(super) fn current_type(comparison: &Comparison<'_>, name: &str) -> String {
    let element = name.trim_end_matches("[]");
    let id = ObjectId::data_type(element);
    let renamed = match comparison.before.items.get(&id) {
        Some(GraphItem::Object(node)) if is_renamed(comparison, &id) => {
            Some(renamed_type(parts(node).1))
        }
        _ => comparison
            .kept_table(element)
            .filter(|_| comparison.is_rebuilt(element))
            .map(|(table, _)| renamed_table(table)),
    };
    renamed.unwrap_or_else(|| element.to_owned()) + &name[element.len()..]
}

fn renamed_type_name(name: &Name) -> String {
    format!("{}_former", name.name)
}

fn element_type(column: &Column) -> &str {
    column.data_type.trim_end_matches("[]")
}

/// Ranges and collations cannot be renamed out of the way, because they own functions and types under derived names.
fn convert_to_text(plan: &mut Plan, comparison: &Comparison<'_>, table: &Table, column: &Column) {
    let by_type = has_unrenamed_type(comparison, column);
    if !by_type && !comparison.fates.has_gone_collation(column) {
        return;
    }
    let relation = &table.name.sql;
    let id = column_id(relation, column);
    let alter = format!("ALTER TABLE {relation} ALTER COLUMN {}", column.sql);
    if column.default.is_some() {
        let sql = format!("{alter} DROP DEFAULT;\n");
        let default = super::ids::default_id(table, column);
        let drop = Operation::new(Rank::FreeColumn, sql).drops(comparison, &[default]);
        plan.add(drop.on(id.clone()));
    }
    let (name, array) = (&column.sql, &column.data_type[element_type(column).len()..]);
    let sql = if by_type {
        format!("{alter} TYPE text{array} USING {name}::text{array};\n")
    } else {
        format!(
            "{alter} TYPE {} COLLATE pg_catalog.\"default\";\n",
            column.data_type
        )
    };
    let children = comparison.descendants(table).into_iter();
    let children = children.map(|(child, _)| column_id(&child.name.sql, column));
    let freed: Vec<ObjectId> = std::iter::once(id.clone()).chain(children).collect();
    let convert = Operation::new(Rank::FreeColumn, sql)
        .note("blocks reads and writes while it may rewrite the whole table")
        .drops(comparison, &freed);
    plan.add(convert.on(id));
}

fn describe_loss(old: &DumpNode<'_>, new: &DumpNode<'_>) -> Option<String> {
    match (old, new) {
        (DumpNode::Enum(old), DumpNode::Enum(new)) => lost_labels(old, new),
        (DumpNode::Domain(old), DumpNode::Domain(new)) if old.base != new.base => Some(format!(
            "the part of each value of {} that a {} holds and a {} does not",
            old.name.sql, old.base, new.base
        )),
        (DumpNode::Composite(old), DumpNode::Composite(new)) => describe_lost_fields(old, new),
        _ => None,
    }
}

fn lost_labels(old: &Enum, new: &Enum) -> Option<String> {
    let gone = old
        .labels
        .iter()
        .filter(|label| !new.labels.contains(label));
    let gone: Vec<&str> = gone.map(String::as_str).collect();
    let name = &old.name.sql;
    (!gone.is_empty()).then(|| {
        let gone = gone.join(", ");
        format!("the labels {gone} of {name}; it fails if a row has one")
    })
}
