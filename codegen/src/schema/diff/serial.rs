//! `serial` columns that become identity columns, and the other way round: the sequence keeps its place.
//!
//! A drop and an add would begin at 1, and the next INSERT would collide with a row that exists.

use super::attached::reverse_grant;
use super::rename_target::object;
use super::renames::RenameSteps;
use crate::schema::Schema;
use crate::schema::dump::create_sequence;
use crate::schema::dump::database::default_grant;
use crate::schema::dump::sequences::identity_attachments;
use crate::schema::model::{Column, Identity, Sequence, Table};
use crate::sql::lexer::identifier;
use crate::sql::quote::{quote_identifier, quote_literal};

/// The conversions, from a schema after the declared renames, whatever those are.
pub fn convert_serials(_: &[RenameSteps], old: &Schema, wanted: &Schema) -> Vec<RenameSteps> {
    let mut steps = Vec::new();
    for table in &old.tables {
        let Some(other) = wanted.tables.iter().find(|other| other.name == table.name) else {
            continue;
        };
        for column in &table.columns {
            let after = other.columns.iter().find(|after| after.name == column.name);
            let Some(after) = after.filter(|_| table.partition.is_none() && !column.inherited)
            else {
                continue;
            };
            steps.extend(convert_column((old, wanted), table, (column, after)));
        }
    }
    steps
}

fn convert_column(
    (old, wanted): (&Schema, &Schema),
    table: &Table,
    (before, after): (&Column, &Column),
) -> Option<RenameSteps> {
    match (&before.identity, &after.identity) {
        (None, Some(identity)) => {
            let sequence = serial_sequence(old, table, before)?;
            let to_identity = to_identity(table, before, sequence, identity);
            let to_serial = to_serial(table, before, sequence, identity);
            Some(RenameSteps::conversion(
                object(old, "SEQUENCE", &sequence.name),
                without_default_privileges(old, sequence, &to_identity),
                without_default_privileges(old, sequence, &to_serial),
            ))
        }
        (Some(identity), None) => {
            let sequence = serial_sequence(wanted, table, after)?;
            let to_serial = to_serial(table, after, sequence, identity);
            let to_identity = to_identity(table, after, sequence, identity);
            Some(RenameSteps::conversion(
                object(wanted, "SEQUENCE", &sequence.name),
                without_default_privileges(old, sequence, &to_serial),
                without_default_privileges(old, sequence, &to_identity),
            ))
        }
        _ => None,
    }
}

/// Runs statements that create a sequence while there are no default privileges for it: they would add to its own grants. Both
/// ways run with those of the old schema, forward before the others change and back after they are restored.
fn without_default_privileges(old: &Schema, sequence: &Sequence, sql: &str) -> String {
    let is_for = |of: &String| identifier(of) == sequence.name.schema;
    let entries = old.default_privileges.iter().filter(|entry| {
        let is_here = entry.schema.as_ref().is_none_or(is_for);
        entry.objects == "SEQUENCES" && entry.role.is_none() && is_here
    });
    let grants = entries.flat_map(|entry| entry.grants.iter().map(move |grant| (entry, grant)));
    let (mut before, mut after) = (String::new(), String::new());
    for (entry, grant) in grants {
        before += &default_grant(entry, &reverse_grant(grant));
        after += &default_grant(entry, grant);
    }
    [before.as_str(), sql, &after].concat()
}

/// The sequence that a column owns and takes its default from.
fn serial_sequence<'a>(schema: &'a Schema, table: &Table, column: &Column) -> Option<&'a Sequence> {
    let default = column.default.as_ref()?;
    let is_own = |sequence: &&Sequence| {
        let owner = sequence.owned_by.as_ref();
        owner.is_some_and(|owner| {
            owner.table == table.name.sql
                && (owner.column == column.sql || owner.column == column.name)
        })
    };
    let sequence = schema.sequences.iter().find(is_own)?;
    let is_its_default = default.starts_with("nextval(") && default.contains(&sequence.name.name);
    // Postgres makes an identity only of a column that is NOT NULL.
    (is_its_default && column.not_null).then_some(sequence)
}

/// The name of the sequence while both exist.
fn temporary_name(sequence: &Sequence) -> (String, String) {
    let own = quote_identifier(&format!("{}_former", sequence.name.name));
    let schema = match sequence.name.schema.as_str() {
        "public" => String::new(),
        schema => format!("{}.", quote_identifier(schema)),
    };
    (format!("{schema}{own}"), own)
}

fn write_alter(table: &Table, column: &Column, change: &str) -> String {
    let (table, column) = (&table.name.sql, &column.sql);
    format!("ALTER TABLE {table} ALTER COLUMN {column} {change};\n")
}

/// Moves the place of one sequence to another.
fn copy_place(from: &str, to: &str) -> String {
    let to = quote_literal(to);
    format!("SELECT pg_catalog.setval({to}, last_value, is_called) FROM {from};\n")
}

fn to_identity(table: &Table, column: &Column, sequence: &Sequence, identity: &Identity) -> String {
    let (name, (temporary, own)) = (&sequence.name.sql, temporary_name(sequence));
    let word = if identity.always {
        "ALWAYS"
    } else {
        "BY DEFAULT"
    };
    let options = match identity.options.as_str() {
        "" => String::new(),
        options => format!(" ({options})"),
    };
    [
        write_alter(table, column, "DROP DEFAULT"),
        // The sequence of the identity column is to have the name.
        format!("ALTER SEQUENCE {name} RENAME TO {own};\n"),
        write_alter(
            table,
            column,
            &format!("ADD GENERATED {word} AS IDENTITY{options}"),
        ),
        copy_place(&temporary, &identity.sequence_sql),
        format!("DROP SEQUENCE {temporary};\n"),
        identity_attachments(table, identity),
    ]
    .concat()
}

fn to_serial(table: &Table, column: &Column, sequence: &Sequence, identity: &Identity) -> String {
    let (name, (temporary, _)) = (&sequence.name.sql, temporary_name(sequence));
    let mut created = sequence.clone();
    created.name.sql.clone_from(&temporary);
    // Nothing owns it yet, and only a sequence of the table's owner can be owned by a column of it.
    created.owned_by = None;
    created.attached.owner.clone_from(&table.attached.owner);
    let default = column.default.as_deref().unwrap_or_default();
    let own = name.rsplit('.').next().unwrap_or(name);
    [
        create_sequence(&created),
        copy_place(&identity.sequence_sql, &temporary),
        write_alter(table, column, "DROP IDENTITY"),
        format!("ALTER SEQUENCE {temporary} RENAME TO {own};\n"),
        format!(
            "ALTER SEQUENCE {name} OWNED BY {}.{};\n",
            table.name.sql, column.sql
        ),
        write_alter(table, column, &format!("SET DEFAULT {default}")),
    ]
    .concat()
}
