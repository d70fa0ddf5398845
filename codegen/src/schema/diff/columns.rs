//! Columns of a kept table.

use super::column_types::{list_defaults_below, retype_column};
use super::comparison::{Comparison, find_column, find_table};
use super::drops::sequences_dropped_with;
use super::expressions::drop_expression;
use super::graph::GraphItem;
use super::ids::{column_id, default_id};
use super::operation::{DatabaseFact, Operation, Rank};
use super::plan::Plan;
use super::renamed_types::column_after_renames;
use super::{column_settings, identity, inheritance, rows};
use crate::schema::dump::columns::write_columns as definitions;
use crate::schema::dump::nodes::DumpNode;
use crate::schema::model::{Column, ObjectId, Table};
use crate::sql::quote::quote_identifier;

/// Adds, alters and drops columns of `old`; `carried` is the table after the statements for its parents and its type.
pub(super) fn alter_columns(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    (old, carried, after): (&Table, &Table, &Table),
) {
    let recreated = comparison.recreated_columns(old, after);
    let follows = |column: &Column| inheritance::follows_parent(comparison, old, column);
    // A column that the statement for a parent adds here has the new type from the start.
    let is_added_above = |column: &Column| find_column(old, &column.name).is_none();
    for column in &carried.columns {
        let is_gone = find_column(after, &column.name).is_none();
        // A generated column that is recreated was dropped above.
        let goes =
            recreated.contains(&column.name) && column.generated.is_none() && !follows(column);
        if is_gone || goes {
            drop_column(plan, comparison, after, column);
        }
    }
    for column in &after.columns {
        let sets_later = sets_default_later(comparison, after, column);
        let target = Column {
            default: column.default.clone().filter(|_| !sets_later),
            ..column.clone()
        };
        let former = find_column(carried, &column.name);
        match former.filter(|former| !recreated.contains(&column.name) || follows(former)) {
            Some(former) if follows(former) || is_added_above(former) => {
                change_column(plan, comparison, after, (former, &target));
            }
            Some(former) => {
                let former = column_before_alter(comparison, old, former);
                change_column(plan, comparison, after, (&former, &target));
            }
            None => add_column(plan, comparison, after, &target),
        }
        if sets_later {
            set_default(plan, comparison, after, column);
        }
    }
}

/// A default that calls a new object which depends on a table can only be set when that object is there, after the column.
fn sets_default_later(comparison: &Comparison<'_>, table: &Table, column: &Column) -> bool {
    let is_relation = |id: &ObjectId| {
        let item = comparison.after.items.get(id);
        matches!(
            item,
            Some(
                GraphItem::Object(DumpNode::Table(_) | DumpNode::View(_))
                    | GraphItem::RowType
                    | GraphItem::Column(_)
            )
        )
    };
    let waits = |need: &ObjectId| {
        comparison.comes(need)
            && comparison
                .after
                .reaches(std::slice::from_ref(need), is_relation)
    };
    let is_plain = column.default.is_some() && column.generated.is_none();
    // A new table sets it by itself.
    is_plain
        && comparison.kept_table(&table.name.sql).is_some()
        && column.default_needs.iter().any(waits)
}

/// `SET DEFAULT`, once the objects that the expression calls are there.
pub(super) fn set_default(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    table: &Table,
    column: &Column,
) {
    let (name, relation) = (&column.sql, &table.name.sql);
    let default = column.default.as_deref().unwrap_or("NULL");
    let sql = format!("ALTER TABLE {relation} ALTER COLUMN {name} SET DEFAULT {default};\n");
    let set = Operation::new(Rank::CreatePart, sql);
    let set = set.creates(comparison, &[default_id(table, column)]);
    plan.add(set.on(column_id(relation, column)));
}

/// The column after the statements above.
fn column_before_alter(comparison: &Comparison<'_>, old: &Table, former: &Column) -> Column {
    let mut left = column_after_renames(comparison, former);
    let depends_on_gone = comparison.fates.is_any_gone(&former.default_needs)
        || comparison.fates.is_any_gone(&former.default_reads);
    let is_dropped = comparison.fates.is_gone(&default_id(old, former));
    if depends_on_gone && is_dropped && former.generated.is_none() {
        left.default = None;
    }
    left
}

/// Sets NOT NULL on columns that could not have it before, once the rows have values.
pub(super) fn require_values(plan: &mut Plan, before: &Table, after: &Table) {
    for column in &after.columns {
        let (table, name) = (&after.name.sql, &column.sql);
        if is_filled_later(before, after, column) {
            let sql = format!("ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL;\n");
            plan.add(Operation::new(Rank::AlterTable, sql).on(column_id(table, column)));
        } else if is_required_later(Some(before), column) {
            plan.add(set_not_null(table, column));
        }
    }
}

/// Whether the rows in the schema give the kept column a value in place of NULL.
fn is_required_later(before: Option<&Table>, column: &Column) -> bool {
    let former = before.and_then(|before| find_column(before, &column.name));
    let gets_required = former.is_some_and(|former| !former.not_null && column.not_null);
    gets_required && before.is_some_and(|before| rows::fills_null(before, column))
}

/// Whether the rows in the schema give the new column its values.
fn is_filled_later(before: &Table, after: &Table, column: &Column) -> bool {
    let is_new = find_column(before, &column.name).is_none();
    is_new && column.not_null && !has_value(column) && !after.rows.is_empty()
}

/// Whether the column has a value in rows that are there before it.
pub(super) fn has_value(column: &Column) -> bool {
    column.default.is_some() || column.generated.is_some() || column.identity.is_some()
}

fn drop_column(plan: &mut Plan, comparison: &Comparison<'_>, table: &Table, column: &Column) {
    let (name, relation) = (&column.sql, &table.name.sql);
    let sql = format!("ALTER TABLE {relation} DROP COLUMN {name};\n");
    let mut dropped = with_inherited(comparison, table, column);
    dropped.extend(sequences_dropped_with(comparison, &dropped));
    let mut drop = Operation::new(Rank::AlterTable, sql).drops(comparison, &dropped);
    // The statement for a parent leaves the column here, as one of the table's own.
    let above = comparison.parents(table).iter();
    let above = above.map(|(parent, _)| DatabaseFact::Gone(column_id(&parent.name.sql, column)));
    drop = drop.needs(above.collect::<Vec<_>>());
    // Generated values can be computed again.
    if column.generated.is_none() {
        drop = drop.loses(format!("the values of {relation}.{name}"));
    }
    plan.add(drop.on(column_id(relation, column)));
}

/// The column, and those of child tables that Postgres drops with it.
fn with_inherited(comparison: &Comparison<'_>, table: &Table, column: &Column) -> Vec<ObjectId> {
    let children = comparison.descendants(table).into_iter();
    with_inheriting(children.map(|(before, _)| before), table, column)
}

/// The column, and those of child tables that change with it.
pub(super) fn with_children(
    comparison: &Comparison<'_>,
    table: &Table,
    column: &Column,
) -> Vec<ObjectId> {
    let children = comparison.descendants(table).into_iter();
    with_inheriting(children.map(|(_, after)| after), table, column)
}

/// The column, and those of the child tables that have it from their parent.
fn with_inheriting<'a>(
    children: impl Iterator<Item = &'a Table>,
    table: &Table,
    column: &Column,
) -> Vec<ObjectId> {
    let inheriting = children.filter(|child| {
        let own = find_column(child, &column.name);
        own.is_some_and(|own| own.inherited || child.partition.is_some())
    });
    let inherited = inheriting.map(|child| column_id(&child.name.sql, column));
    std::iter::once(column_id(&table.name.sql, column))
        .chain(inherited)
        .collect()
}

/// Child tables whose own column Postgres merges with that of the parent: it has to be there first, or it would be one that
/// is only inherited.
fn own_columns_below(
    comparison: &Comparison<'_>,
    table: &Table,
    column: &Column,
) -> Vec<DatabaseFact> {
    let children = comparison.descendants(table).into_iter();
    let own = children.filter(|(_, child)| {
        let own = find_column(child, &column.name);
        own.is_some_and(|own| !own.inherited && child.partition.is_none())
    });
    own.map(|(child, _)| DatabaseFact::Ready(column_id(&child.name.sql, column)))
        .collect()
}

fn add_column(plan: &mut Plan, comparison: &Comparison<'_>, table: &Table, column: &Column) {
    // Rows that the schema states get their values by a statement that comes later.
    let is_stated = !table.rows.is_empty() && !has_value(column);
    let whole = column;
    let column = &Column {
        not_null: column.not_null && !is_stated,
        // Postgres refuses to add an identity column where child tables inherit it, but not to make
        // one of a column that is there.
        identity: column
            .identity
            .clone()
            .filter(|_| !has_child_tables(comparison, table)),
        ..column.clone()
    };
    let relation = &table.name.sql;
    let definition = definitions(std::slice::from_ref(column), &[]).concat();
    // The dump aligns types; a single line has nothing to align with.
    let definition = definition
        .strip_prefix(&column.sql)
        .unwrap_or(&definition)
        .trim_start();
    let name = &column.sql;
    let sql = format!("ALTER TABLE {relation} ADD COLUMN {name} {definition};\n");
    let created = with_children(comparison, table, column);
    let created = without_later_default(comparison, table, column, created);
    let mut add = Operation::new(Rank::AlterTable, sql).creates_only(comparison, created);
    if let Some(identity) = &column.identity {
        let sequence = ObjectId::relation(identity.sequence_sql.as_str());
        add = add.needs([DatabaseFact::Gone(sequence)]);
    }
    add.change.note = describe_cost(column).map(str::to_owned);
    add = add.needs(own_columns_below(comparison, table, column));
    plan.add(add.on(column_id(relation, column)));
    identity::alter_identity(plan, comparison, relation, (column, whole));
    for setting in &column.settings {
        let sql = format!("ALTER TABLE {relation} ALTER COLUMN {name} {setting};\n");
        plan.add(Operation::new(Rank::AlterTable, sql).on(column_id(relation, column)));
    }
}

/// Whether tables inherit from it that are no partitions. Postgres adds no identity column to such a table, because the column
/// of a child table has no identity (`ATExecAddColumn`); ADD GENERATED concerns the table alone.
fn has_child_tables(comparison: &Comparison<'_>, table: &Table) -> bool {
    let mut children = comparison.descendants(table).into_iter();
    children.any(|(_, child)| child.partition.is_none())
}

/// The columns with their defaults, except one that is set by a statement of its own.
fn without_later_default(
    comparison: &Comparison<'_>,
    table: &Table,
    column: &Column,
    columns: Vec<ObjectId>,
) -> Vec<ObjectId> {
    let has_default = column.default.is_some() || column.generated.is_some();
    let later = default_id(table, column);
    let mut created = Vec::new();
    for id in columns {
        let defaults = comparison.after.parts(&id).iter();
        created.extend(defaults.filter(|id| has_default || **id != later).cloned());
        created.push(id);
    }
    created.sort();
    created.dedup();
    created
}

/// Postgres adds a column without rewriting the table unless each row has a value of its own (ALTER TABLE, Notes).
fn describe_cost(column: &Column) -> Option<&'static str> {
    if column.not_null && !has_value(column) {
        return Some("fails if the table has rows, which would have no value for it");
    }
    let is_computed = column
        .generated
        .as_ref()
        .is_some_and(|expression| expression.ends_with(" STORED"));
    let is_volatile = column.default.is_some() && column.default_is_volatile;
    if is_computed || column.identity.is_some() || is_volatile {
        return Some(
            "blocks reads and writes while it rewrites the whole table, to give each row its value",
        );
    }
    None
}

fn change_column(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    table: &Table,
    (old, new): (&Column, &Column),
) {
    let relation = &table.name.sql;
    let subject = column_id(relation, new);
    let default = default_id(table, new);
    let alter = |change: &str| {
        let sql = format!(
            "ALTER TABLE {relation} ALTER COLUMN {} {change};\n",
            new.sql
        );
        Operation::new(Rank::AlterTable, sql).on(subject.clone())
    };
    let default_ids = std::slice::from_ref(&default);
    if old.generated.is_some() && new.generated.is_none() {
        drop_expression(plan, comparison, table, new);
    }
    let is_retyped = old.data_type != new.data_type || old.collation != new.collation;
    let defaults_below = list_defaults_below(comparison, table, new);
    let has_default = old.default.is_some() || is_retyped && !defaults_below.is_empty();
    let default_goes = has_default && (is_retyped || new.default.is_none());
    if default_goes && old.generated.is_none() {
        let defaults = [default_ids, &defaults_below].concat();
        plan.add(alter("DROP DEFAULT").drops(comparison, &defaults));
    }
    if is_retyped {
        retype_column(plan, comparison, table, (old, new));
    }
    if old.not_null && !new.not_null {
        plan.add(alter("DROP NOT NULL"));
    }
    if let Some(value) = &new.default
        && (default_goes || old.default != new.default)
    {
        let set = alter(&format!("SET DEFAULT {value}"));
        let set = set.needs_objects(comparison.after.needs(&default));
        let mut facts = vec![DatabaseFact::Ready(default.clone())];
        if old.default.is_some() && !default_goes {
            facts.push(DatabaseFact::Gone(default.clone()));
        }
        plan.add(set.provides(facts));
    }
    if let Some(rename) = rename_not_null(table, old, new) {
        plan.add(Operation::new(Rank::AlterTable, rename).on(subject.clone()));
    }
    let former = find_table(&comparison.before, relation);
    if new.not_null && !old.not_null && !is_required_later(former, new) {
        plan.add(set_not_null(relation, new));
    }
    identity::alter_identity(plan, comparison, relation, (old, new));
    for change in column_settings::alter_column_settings(old, new, is_retyped) {
        plan.add(alter(&change));
    }
}

fn set_not_null(relation: &str, column: &Column) -> Operation {
    let name = &column.sql;
    let sql = match &column.not_null_name {
        Some(constraint) => {
            format!("ALTER TABLE {relation} ADD CONSTRAINT {constraint} NOT NULL {name};\n")
        }
        None => format!("ALTER TABLE {relation} ALTER COLUMN {name} SET NOT NULL;\n"),
    };
    let note = "blocks reads and writes while it reads the whole table, and fails if there is a NULL in it";
    let set = Operation::new(Rank::AlterTable, sql);
    set.on(column_id(relation, column)).note(note)
}

/// Since Postgres 18 the constraint has a name. That of a column that a table inherits is the parent's to change.
fn rename_not_null(table: &Table, old: &Column, new: &Column) -> Option<String> {
    let is_kept = old.not_null && new.not_null && !new.inherited;
    if !is_kept || old.not_null_name == new.not_null_name {
        return None;
    }
    let former = old.not_null_constraint.as_ref()?;
    let chosen = quote_identifier(&format!("{}_{}_not_null", table.name.name, new.name));
    let name = new.not_null_name.as_ref().unwrap_or(&chosen);
    let relation = &table.name.sql;
    Some(format!(
        "ALTER TABLE {relation} RENAME CONSTRAINT {former} TO {name};\n"
    ))
}
