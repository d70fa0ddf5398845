//! The rows of kept `_enum` tables, matched by primary key.

use super::operation::{Operation, Rank};
use super::plan::Plan;
use crate::schema::dump::rows::literal;
use crate::schema::model::{Column, ConstraintKind, Table};
use std::collections::BTreeMap;

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
pub(super) fn keeps_key(before: &Table, after: &Table) -> bool {
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

fn is_same_row(key: &[String], one: &LiteralRow, other: &LiteralRow) -> bool {
    let mut columns = key.iter();
    columns.all(|column| one.get(column) == other.get(column))
}

/// Inserts and updates rows, once the columns are those of the new schema.
pub(super) fn alter_rows(plan: &mut Plan, before: &Table, after: &Table) {
    let key = key_columns(after);
    let (old, new) = (literal_rows(before), literal_rows(after));
    let table = &after.name.sql;
    let is_always = |column: &Column| {
        column
            .identity
            .as_ref()
            .is_some_and(|identity| identity.always)
    };
    let overriding = if after.columns.iter().any(is_always) {
        " OVERRIDING SYSTEM VALUE"
    } else {
        ""
    };
    for row in &new {
        let Some(former) = old.iter().find(|former| is_same_row(&key, former, row)) else {
            let (names, values): (Vec<_>, Vec<_>) =
                row.iter().map(|(a, b)| (a.as_str(), b.as_str())).unzip();
            let (names, values) = (names.join(", "), values.join(", "));
            plan.run(
                Rank::AlterTable,
                format!("INSERT INTO {table} ({names}){overriding} VALUES ({values});\n"),
            );
            continue;
        };
        let changed = row
            .iter()
            .filter(|(column, value)| former.get(*column) != Some(value));
        let changed: Vec<String> = changed
            .map(|(column, value)| format!("{column} = {value}"))
            .collect();
        if !changed.is_empty() {
            let (set, condition) = (changed.join(", "), row_condition(row, &key));
            let sql = format!("UPDATE {table} SET {set} WHERE {condition};\n");
            plan.run(Rank::AlterTable, sql);
        }
    }
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
