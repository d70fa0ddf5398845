//! Sequences: a block of their own, or lines in the block of the table that owns them.

use super::attached::{attached, comment, grants};
use super::order::DumpOrder;
use crate::schema::model::{Identity, Sequence, Table};

/// `CREATE SEQUENCE`; the table that owns it says so in its own block.
pub(in crate::schema) fn sequence(item: &Sequence) -> String {
    let name = &item.name.sql;
    let unlogged = if item.unlogged { "UNLOGGED " } else { "" };
    let data_type = if item.data_type == "bigint" {
        String::new()
    } else {
        format!(" AS {}", item.data_type)
    };
    let options = if item.options.is_empty() {
        String::new()
    } else {
        format!(" {}", item.options)
    };
    format!("CREATE {unlogged}SEQUENCE {name}{data_type}{options};\n") + &sequence_attached(item)
}

pub(super) fn owned_sequences(table: &Table, order: &DumpOrder<'_>) -> String {
    let owned = order
        .owned
        .get(table.name.sql.as_str())
        .into_iter()
        .flatten();
    let others = owned.filter(|sequence| !order.serials.contains_key(sequence.name.sql.as_str()));
    let statements = others.filter_map(|sequence| {
        let owned = sequence.owned_by.as_ref()?;
        Some(format!(
            "ALTER SEQUENCE {} OWNED BY {}.{};\n",
            sequence.name.sql, owned.table, owned.column
        ))
    });
    statements.collect()
}

/// Grants and comments of the sequences behind `serial` and identity columns.
pub(super) fn sequence_attachments(table: &Table, order: &DumpOrder<'_>) -> String {
    let owned = order
        .owned
        .get(table.name.sql.as_str())
        .into_iter()
        .flatten();
    let serials = owned.filter(|sequence| order.serials.contains_key(sequence.name.sql.as_str()));
    let identities = table
        .columns
        .iter()
        .filter_map(|column| column.identity.as_ref());
    let identities = identities.map(|identity| identity_attachments(table, identity));
    serials
        .map(|sequence| sequence_attached(sequence))
        .chain(identities)
        .collect()
}

/// What a new sequence of an identity column lacks: it is logged as its table is, and has that owner.
pub(in crate::schema) fn identity_attachments(table: &Table, identity: &Identity) -> String {
    let (name, attached) = (&identity.sequence_sql, &identity.attached);
    let logging = if identity.unlogged == table.unlogged {
        String::new()
    } else {
        set_logging(name, identity.unlogged)
    };
    logging + &grants("SEQUENCE", name, &attached.grants) + &comment("SEQUENCE", name, attached)
}

/// `ALTER SEQUENCE … SET UNLOGGED` or `SET LOGGED`.
pub(in crate::schema) fn set_logging(name: &str, is_unlogged: bool) -> String {
    let word = if is_unlogged { "UNLOGGED" } else { "LOGGED" };
    format!("ALTER SEQUENCE {name} SET {word};\n")
}

/// Owner, grants and comments of a sequence; one that a table owns has the table's owner.
fn sequence_attached(item: &Sequence) -> String {
    let mut beneath = item.attached.clone();
    if item.owned_by.is_some() {
        beneath.owner = None;
    }
    attached("SEQUENCE", &item.name.sql, &beneath)
}
