//! Sequences, those of identity columns apart.

use std::collections::HashMap;

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::attachments::{Attachments, take_row};
use super::row::{name, oid, optional_oid, rows};
use crate::schema::model::{Sequence, SequenceOwner};

/// All sequences of the database.
#[derive(Default)]
pub(super) struct Sequences {
    /// Those that no identity column has, sorted.
    pub(super) separate: Vec<Sequence>,
    /// Those behind an identity column, by table and column number.
    pub(super) identity: HashMap<(u32, i16), Sequence>,
}

/// Reads all sequences.
pub(super) async fn read(
    connection: &mut PgConnection,
    attachments: &mut Attachments,
) -> Result<Sequences, sqlx::Error> {
    let mut sequences = Sequences::default();
    for row in rows(connection, include_str!("sequences.sql")).await? {
        let sequence = read_sequence(&row, attachments)?;
        match optional_oid(&row, "table_oid")? {
            Some(table) if row.try_get("is_identity")? => {
                sequences
                    .identity
                    .insert((table.0, row.try_get("part")?), sequence);
            }
            _ => sequences.separate.push(sequence),
        }
    }
    sequences.separate.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sequences)
}

fn read_sequence(row: &PgRow, attachments: &mut Attachments) -> Result<Sequence, sqlx::Error> {
    let owned_by = match row.try_get("owned_table")? {
        Some(table) => Some(SequenceOwner {
            table,
            column: row.try_get("owned_column")?,
            named_as_serial: row.try_get("named_as_serial")?,
        }),
        None => None,
    };
    Ok(Sequence {
        oid: oid(row, "oid")?,
        name: name(row)?,
        data_type: row.try_get("data_type")?,
        options: row.try_get("options")?,
        unlogged: row.try_get("unlogged")?,
        owned_by,
        attached: take_row(attachments, "pg_class", row)?,
    })
}
