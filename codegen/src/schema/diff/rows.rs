//! The rows of kept `_enum` tables, matched by primary key.

use super::operation::{Operation, Rank};
use super::plan::Plan;
use crate::schema::dump::rows::literal;
use crate::schema::model::{Column, ConstraintKind, Table};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A row as column → SQL literal.
type LiteralRow = BTreeMap<String, String>;

/// Deletes the rows that the new schema does not have.
pub(super) fn delete_rows(plan: &mut Plan, before: &Table, after: &Table) {
    let key = key_columns(after);
    let (old, new) = (literal_rows(before), literal_rows(after));
    let table = &after.name.sql;
    let is_gone = |row: &&LiteralRow| !new.iter().any(|other| is_same_row(&key, row, other));
    for row in old.iter().filter(is_gone) {
        let sql = format!("DELETE FROM {table} WHERE {};\n", row_condition(row, &key));
        let lost = format!("a row of {table}");
        plan.add(Operation::new(Rank::AlterTable, sql).loses(lost));
    }
}

/// Whether rows can be deleted by their keys before the columns are altered. A row that is dropped need not fit the new types.
pub(super) fn has_key(before: &Table, after: &Table) -> bool {
    let key = key_columns(after);
    let mut key = key.iter();
    key.all(|name| before.columns.iter().any(|column| column.sql == *name))
}

fn keeps_key(before: &Table, after: &Table) -> bool {
    let key = key_columns(after);
    let is_kept = |name: &String| {
        let find = |table: &Table| -> Option<String> {
            let mut columns = table.columns.iter();
            let column = columns.find(|column| column.sql == *name)?;
            Some(column.data_type.clone())
        };
        find(before).is_some() && find(before) == find(after)
    };
    key.iter().all(is_kept)
}

/// `converted`, except in the rows that have another value in the new schema: the old one need not fit the new type, nor the new
/// one the old type.
pub(super) fn convert_stated(
    (before, after): (&Table, &Table),
    column: &Column,
    converted: &str,
) -> String {
    let key = key_columns(after);
    if !keeps_key(before, after) || key.contains(&column.sql) {
        return converted.to_owned();
    }
    let old = literal_rows(before);
    let data_type = &column.data_type;
    let mut cases = String::new();
    for row in &literal_rows(after) {
        let former = old.iter().find(|former| is_same_row(&key, former, row));
        let (Some(former), Some(value)) = (former, row.get(&column.sql)) else {
            continue;
        };
        if former.get(&column.sql) != Some(value) {
            let condition = row_condition(row, &key);
            let _ = write!(cases, " WHEN {condition} THEN {value}::{data_type}");
        }
    }
    if cases.is_empty() {
        return converted.to_owned();
    }
    // A cast to a shorter type would cut values that the assignment refuses.
    let others = if data_type.contains('(') {
        converted.to_owned()
    } else {
        format!("({converted})::{data_type}")
    };
    format!("CASE{cases} ELSE {others} END")
}

/// The columns whose values [`convert_stated`] has changed. One that is inherited is converted with the parent's.
fn converted_columns<'t>(before: &Table, after: &'t Table) -> Vec<&'t String> {
    let key = key_columns(after);
    if !keeps_key(before, after) || before.parent_names().next().is_some() {
        return Vec::new();
    }
    let is_converted = |column: &&Column| {
        let mut others = before.columns.iter();
        let former = others.find(|former| former.name == column.name);
        former.is_some_and(|former| former.data_type != column.data_type)
            && column.generated.is_none()
            && !key.contains(&column.sql)
    };
    let converted = after.columns.iter().filter(is_converted);
    converted.map(|column| &column.sql).collect()
}

/// Whether a row gives the kept column, which was NULL in it, a value.
pub(super) fn fills_null(before: &Table, column: &Column) -> bool {
    let stored = before.columns.iter();
    let mut stored = stored.filter(|column| column.generated.is_none());
    let place = stored.position(|known| known.name == column.name);
    let is_null = |row: &Vec<Option<String>>| place.is_some_and(|place| row[place].is_none());
    before.rows.iter().any(is_null)
}

fn is_same_row(key: &[String], one: &LiteralRow, other: &LiteralRow) -> bool {
    let mut columns = key.iter();
    columns.all(|column| one.get(column) == other.get(column))
}

/// Inserts and updates rows, once the columns are those of the new schema.
pub(super) fn alter_rows(plan: &mut Plan, before: &Table, after: &Table) {
    let key = key_columns(after);
    let (old, new) = (literal_rows(before), literal_rows(after));
    let converted = converted_columns(before, after);
    let changes = new.iter().filter_map(|row| {
        let former = old.iter().find(|former| is_same_row(&key, former, row));
        let Some(former) = former else {
            return Some(insert_row(after, row));
        };
        let is_changed = |(column, value): &(&String, &String)| {
            former.get(*column) != Some(value) && !converted.contains(column)
        };
        let fields = row.iter().filter(is_changed);
        let fields = fields.map(|(column, value)| (column.clone(), value.clone()));
        update_row(after, (former, row), fields.collect())
    });
    for change in order_changes(changes.collect()) {
        plan.run(Rank::AlterTable, change.sql);
    }
}

fn insert_row(table: &Table, row: &LiteralRow) -> StatedRowChange {
    let is_always = |column: &Column| {
        column
            .identity
            .as_ref()
            .is_some_and(|identity| identity.always)
    };
    let overriding = if table.columns.iter().any(is_always) {
        " OVERRIDING SYSTEM VALUE"
    } else {
        ""
    };
    let (names, values): (Vec<_>, Vec<_>) =
        row.iter().map(|(a, b)| (a.as_str(), b.as_str())).unzip();
    let (names, values, table) = (names.join(", "), values.join(", "), &table.name.sql);
    StatedRowChange {
        sql: format!("INSERT INTO {table} ({names}){overriding} VALUES ({values});\n"),
        before: LiteralRow::new(),
        after: row.clone(),
    }
}

/// The change of these fields; nothing if there are none.
fn update_row(
    table: &Table,
    (former, row): (&LiteralRow, &LiteralRow),
    fields: LiteralRow,
) -> Option<StatedRowChange> {
    if fields.is_empty() {
        return None;
    }
    let set = fields.iter();
    let set = set.map(|(column, value)| format!("{column} = {value}"));
    let set = set.collect::<Vec<_>>().join(", ");
    let condition = row_condition(row, &key_columns(table));
    Some(StatedRowChange {
        sql: format!("UPDATE {} SET {set} WHERE {condition};\n", table.name.sql),
        before: former.clone(),
        after: fields,
    })
}

/// An INSERT or UPDATE with the values that it takes the place of, and those that it writes.
struct StatedRowChange {
    sql: String,
    before: LiteralRow,
    after: LiteralRow,
}

/// Puts a change behind the one of another row that gives up the same value, which a unique key lets only one of them have. Rows
/// that exchange their values have no such order, and stay as they are.
fn order_changes(mut left: Vec<StatedRowChange>) -> Vec<StatedRowChange> {
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |change: &StatedRowChange| {
            let gives_up = |other: &StatedRowChange| {
                let mut wanted = change.after.iter();
                wanted.any(|(column, value)| {
                    let is_another = other.after.get(column).is_some_and(|new| new != value);
                    other.before.get(column) == Some(value) && is_another
                })
            };
            left.iter().any(gives_up)
        };
        let next = left.iter().position(|change| !waits(change)).unwrap_or(0);
        ordered.push(left.remove(next));
    }
    ordered
}

/// The columns of the primary key, or else all.
fn key_columns(table: &Table) -> Vec<String> {
    let primary = table
        .constraints
        .iter()
        .find(|c| c.kind == ConstraintKind::PrimaryKey);
    let numbers: Vec<i16> = primary
        .map(|key| key.columns.iter().map(|p| p.0).collect())
        .unwrap_or_default();
    let columns = table
        .columns
        .iter()
        .filter(|column| numbers.contains(&column.number.0));
    let columns: Vec<String> = columns.map(|column| column.sql.clone()).collect();
    // Without a key, a row is known by all of its values.
    if columns.is_empty() {
        return table
            .columns
            .iter()
            .map(|column| column.sql.clone())
            .collect();
    }
    columns
}

fn literal_rows(table: &Table) -> Vec<LiteralRow> {
    let stored: Vec<&Column> = table
        .columns
        .iter()
        .filter(|c| c.generated.is_none())
        .collect();
    let row = |fields: &Vec<Option<String>>| {
        let fields = fields.iter().zip(&stored);
        fields
            .map(|(field, column)| (column.sql.clone(), literal(field.as_deref(), column)))
            .collect()
    };
    table.rows.iter().map(row).collect()
}

fn row_condition(row: &LiteralRow, key: &[String]) -> String {
    let parts = key.iter().filter_map(|column| {
        let value = row.get(column)?;
        let is = if value == "NULL" { "IS" } else { "=" };
        Some(format!("{column} {is} {value}"))
    });
    parts.collect::<Vec<_>>().join(" AND ")
}
