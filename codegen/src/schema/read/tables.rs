//! Tables with their constraints.

use std::collections::HashMap;

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::attachments::{Attachments, take, take_part, take_row};
use super::relations::{Parts, by_relation};
use super::row::{name, oid, optional_oid, positions, rows};
use crate::schema::model::{Constraint, ConstraintKind, KeyIndex, Partition, Reference, Table};

/// Tables with everything `parts` holds of them, sorted.
pub(super) async fn read(
    connection: &mut PgConnection,
    attachments: &mut Attachments,
    parts: &mut Parts,
) -> Result<Vec<Table>, sqlx::Error> {
    let constraints = rows(connection, include_str!("constraints.sql")).await?;
    let mut constraints = by_relation(&constraints, |row| read_constraint(row, attachments))?;
    let rows = rows(connection, include_str!("tables.sql")).await?;
    let tables = rows
        .iter()
        .map(|row| read_table(row, attachments, parts, &mut constraints));
    let mut tables = tables.collect::<Result<Vec<_>, _>>()?;
    // The order of the catalog is that of creation, and differs between databases.
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(tables)
}

fn read_table(
    row: &PgRow,
    attachments: &mut Attachments,
    parts: &mut Parts,
    constraints: &mut HashMap<u32, Vec<Constraint>>,
) -> Result<Table, sqlx::Error> {
    let relation = oid(row, "oid")?;
    let mut constraints = constraints.remove(&relation.0).unwrap_or_default();
    constraints.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    Ok(Table {
        oid: relation,
        name: name(row)?,
        columns: parts.columns.remove(&relation.0).unwrap_or_default(),
        constraints,
        indexes: parts.indexes.remove(&relation.0).unwrap_or_default(),
        triggers: parts.triggers.remove(&relation.0).unwrap_or_default(),
        trigger_states: parts.trigger_states.remove(&relation.0).unwrap_or_default(),
        policies: parts.policies.remove(&relation.0).unwrap_or_default(),
        row_security: row.try_get("row_security")?,
        force_row_security: row.try_get("force_row_security")?,
        unlogged: row.try_get("unlogged")?,
        options: row.try_get("options")?,
        partition_key: row.try_get("partition_key")?,
        partition: read_partition(row)?,
        inherits: row.try_get("inherits")?,
        of_type: row.try_get("of_type")?,
        foreign: row.try_get("foreign")?,
        access_method: row.try_get("access_method")?,
        replica_identity: row.try_get("replica_identity")?,
        rows: Vec::new(),
        attached: take_row(attachments, "pg_class", row)?,
    })
}

/// By kind and name, and foreign keys by the number at the end of their names.
///
/// Surprise: a foreign key to a partitioned table has a copy for each partition, named `t_a_fkey1`, `t_a_fkey2` … as far as these
/// names are free. Another foreign key of the table whose name was chosen after those copies has to be created after them
/// again: `t_a_fkey4` before `t_a_fkey12`.
fn sort_key(constraint: &Constraint) -> (ConstraintKind, &str, u64, &str) {
    let name = constraint.name.as_str();
    if constraint.kind != ConstraintKind::ForeignKey {
        return (constraint.kind, name, 0, name);
    }
    let stem = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number = name[stem.len()..].parse().unwrap_or(0);
    (constraint.kind, stem, number, name)
}

fn read_partition(row: &PgRow) -> Result<Option<Partition>, sqlx::Error> {
    let Some(of) = row.try_get("partition_of")? else {
        return Ok(None);
    };
    Ok(Some(Partition {
        of,
        bound: row.try_get("partition_bound")?,
    }))
}

fn read_constraint(row: &PgRow, attachments: &mut Attachments) -> Result<Constraint, sqlx::Error> {
    let index = key_index(row, attachments)?;
    let mut attached = take(attachments, "pg_constraint", oid(row, "oid")?, None);
    // The dependencies of an expression of EXCLUDE are recorded on the index alone.
    attached
        .needs
        .extend(index.iter().flat_map(|index| index.attached.needs.clone()));
    Ok(Constraint {
        oid: oid(row, "oid")?,
        name: row.try_get("name")?,
        sql: row.try_get("sql")?,
        kind: constraint_kind(row.try_get("kind")?),
        definition: row.try_get("definition")?,
        nested_definition: row.try_get("nested_definition")?,
        valid: row.try_get("valid")?,
        valid_below: row.try_get("valid_below")?,
        columns: positions(row, "columns")?,
        references: read_reference(row)?,
        index,
        clustered: row.try_get("clustered")?,
        of_parent: row.try_get("of_parent")?,
        attached,
    })
}

fn key_index(row: &PgRow, attachments: &mut Attachments) -> Result<Option<KeyIndex>, sqlx::Error> {
    let Some(number) = optional_oid(row, "index_oid")? else {
        return Ok(None);
    };
    Ok(Some(KeyIndex {
        sql: row.try_get("index")?,
        parent: row.try_get("index_parent")?,
        attached: take_part(attachments, "pg_class", number, 0),
    }))
}

fn read_reference(row: &PgRow) -> Result<Option<Reference>, sqlx::Error> {
    let Some(table_oid) = optional_oid(row, "foreign_oid")? else {
        return Ok(None);
    };
    let columns = positions(row, "foreign_columns")?;
    Ok(Some(Reference {
        table_oid,
        table: row.try_get("foreign_table")?,
        columns,
        index: row.try_get("foreign_index")?,
    }))
}

/// `pg_constraint.contype`; the query asks for no others.
fn constraint_kind(contype: &str) -> ConstraintKind {
    match contype {
        "p" => ConstraintKind::PrimaryKey,
        "u" => ConstraintKind::Unique,
        "x" => ConstraintKind::Exclusion,
        "f" => ConstraintKind::ForeignKey,
        "n" => ConstraintKind::NotNull,
        _ => ConstraintKind::Check,
    }
}
