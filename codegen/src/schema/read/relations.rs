//! The parts of tables, views and composite types, grouped by their relation.

use std::collections::HashMap;

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::attachments::{Attachments, take, take_part};
use super::conditions::as_read_back;
use super::row::{grouped, name, oid, optional_oid, positions, rows};
use super::scalars::with_plain_scalars;
use super::sequences::Sequences;
use crate::schema::model::{
    Column, Generation, Identity, Index, Number, Oid, Policy, Sequence, Trigger, TriggerState,
};

/// Parts by the catalog number of their relation, each list sorted.
pub(super) struct Parts {
    pub(super) columns: HashMap<u32, Vec<Column>>,
    pub(super) indexes: HashMap<u32, Vec<Index>>,
    pub(super) triggers: HashMap<u32, Vec<Trigger>>,
    pub(super) trigger_states: HashMap<u32, Vec<TriggerState>>,
    pub(super) policies: HashMap<u32, Vec<Policy>>,
}

/// Reads the parts of all relations.
pub(super) async fn parts(
    connection: &mut PgConnection,
    attachments: &mut Attachments,
) -> Result<Parts, sqlx::Error> {
    let columns = rows(connection, include_str!("columns.sql")).await?;
    let indexes = rows(connection, include_str!("indexes.sql")).await?;
    let triggers = rows(connection, include_str!("triggers.sql")).await?;
    let states = rows(connection, include_str!("trigger_states.sql")).await?;
    let policies = rows(connection, include_str!("policies.sql")).await?;
    let mut parts = Parts {
        columns: by_relation(&columns, |row| read_column(row, attachments))?,
        indexes: by_relation(&indexes, |row| read_index(row, attachments))?,
        triggers: by_relation(&triggers, |row| read_trigger(row, attachments))?,
        trigger_states: by_relation(&states, trigger_state)?,
        policies: by_relation(&policies, |row| read_policy(row, attachments))?,
    };
    parts
        .indexes
        .values_mut()
        .for_each(|indexes| indexes.sort_by(|a, b| a.name.cmp(&b.name)));
    parts
        .triggers
        .values_mut()
        .for_each(|triggers| triggers.sort_by(|a, b| a.name.cmp(&b.name)));
    parts
        .policies
        .values_mut()
        .for_each(|policies| policies.sort_by(|a, b| a.name.cmp(&b.name)));
    Ok(parts)
}

/// Puts the sequences of identity columns into their columns.
pub(super) fn place_identities(parts: &mut Parts, sequences: &mut Sequences) {
    for (relation, columns) in &mut parts.columns {
        for column in columns {
            let sequence = sequences.identity.remove(&(*relation, column.number.0));
            if let (Some(identity), Some(sequence)) = (&mut column.identity, sequence) {
                complete_identity(identity, sequence);
            }
        }
    }
}

fn complete_identity(identity: &mut Identity, sequence: Sequence) {
    let usual = sequence.owned_by.is_some_and(|owned| owned.named_as_serial);
    let named = if usual {
        String::new()
    } else {
        format!("SEQUENCE NAME {} ", sequence.name.sql)
    };
    let options = format!("{named}{}", sequence.options);
    options.trim_end().clone_into(&mut identity.options);
    identity.sequence = sequence.oid;
    identity.sequence_sql = sequence.name.sql;
    identity.unlogged = sequence.unlogged;
    identity.attached = sequence.attached;
}

/// Reads `rows` by `part` and groups the results by the column `relation`.
pub(super) fn by_relation<T>(
    rows: &[PgRow],
    mut part: impl FnMut(&PgRow) -> Result<T, sqlx::Error>,
) -> Result<HashMap<u32, Vec<T>>, sqlx::Error> {
    let parts = rows
        .iter()
        .map(|row| Ok((oid(row, "relation")?, part(row)?)));
    Ok(grouped(
        parts.collect::<Result<Vec<(Oid, T)>, sqlx::Error>>()?,
    ))
}

fn read_column(row: &PgRow, attachments: &mut Attachments) -> Result<Column, sqlx::Error> {
    let (relation, number): (Oid, i16) = (oid(row, "relation")?, row.try_get("number")?);
    if let Some(default) = optional_oid(row, "default_oid")? {
        take(attachments, "pg_attrdef", default, None);
    }
    let default = take_part(attachments, "pg_attrdef", relation, number.into());
    let identity = match row.try_get::<&str, _>("identity")? {
        "" => None,
        kind => Some(Identity {
            always: kind == "a",
            ..Identity::default()
        }),
    };
    Ok(Column {
        number: Number(number),
        name: row.try_get("name")?,
        sql: row.try_get("sql")?,
        data_type: row.try_get("data_type")?,
        type_oid: oid(row, "type_oid")?,
        collation: row.try_get("collation")?,
        not_null: row.try_get("not_null")?,
        not_null_name: row.try_get("not_null_name")?,
        not_null_constraint: row.try_get("not_null_constraint")?,
        not_null_here: row.try_get("not_null_here")?,
        inherited: row.try_get("inherited")?,
        changes: row.try_get("changes")?,
        options: row.try_get("options")?,
        default: row.try_get("default")?,
        no_default: row.try_get("no_default")?,
        default_is_volatile: row.try_get("default_is_volatile")?,
        generated: row.try_get("generated")?,
        generation: if row.try_get("generated_above")? {
            Generation::Above
        } else {
            Generation::Own
        },
        identity,
        settings: row.try_get("settings")?,
        default_needs: default.needs,
        default_reads: default.reads,
        attached: take_part(attachments, "pg_class", relation, number.into()),
    })
}

fn read_index(row: &PgRow, attachments: &mut Attachments) -> Result<Index, sqlx::Error> {
    Ok(Index {
        oid: oid(row, "oid")?,
        name: name(row)?,
        definition: row.try_get("definition")?,
        unique: row.try_get("is_unique")?,
        columns: positions(row, "columns")?,
        keys: row.try_get("keys")?,
        included: positions(row, "included")?,
        method: row.try_get("method")?,
        settings: row.try_get("settings")?,
        predicate: row.try_get("predicate")?,
        clustered: row.try_get("clustered")?,
        parent: row.try_get("parent")?,
        of_parent: row.try_get("of_parent")?,
        attached: take(attachments, "pg_class", oid(row, "oid")?, None),
    })
}

fn read_trigger(row: &PgRow, attachments: &mut Attachments) -> Result<Trigger, sqlx::Error> {
    Ok(Trigger {
        oid: oid(row, "oid")?,
        name: row.try_get("name")?,
        sql: row.try_get("sql")?,
        definition: row.try_get("definition")?,
        state: row.try_get("state")?,
        attached: take(attachments, "pg_trigger", oid(row, "oid")?, None),
    })
}

fn trigger_state(row: &PgRow) -> Result<TriggerState, sqlx::Error> {
    let (sql, state) = (row.try_get("sql")?, row.try_get("state")?);
    Ok(TriggerState { sql, state })
}

fn read_policy(row: &PgRow, attachments: &mut Attachments) -> Result<Policy, sqlx::Error> {
    Ok(Policy {
        oid: oid(row, "oid")?,
        name: row.try_get("name")?,
        sql: row.try_get("sql")?,
        restrictive: row.try_get("restrictive")?,
        command: row.try_get("command")?,
        roles: row.try_get("roles")?,
        using: read_expression(row, "using")?,
        check: read_expression(row, "check")?,
        attached: take(attachments, "pg_policy", oid(row, "oid")?, None),
    })
}

fn read_expression(row: &PgRow, column: &str) -> Result<Option<String>, sqlx::Error> {
    let written: Option<&str> = row.try_get(column)?;
    Ok(written.map(|written| with_plain_scalars(&as_read_back(written))))
}
