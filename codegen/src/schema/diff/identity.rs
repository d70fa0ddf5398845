//! `GENERATED … AS IDENTITY` of a kept column.

use super::change::Script;
use super::sequences::all_options;
use crate::schema::model::{Column, Identity};
use crate::sql::quote::quote_literal;

/// Drops the identity of a column, early: a new sequence may take the name of its sequence.
pub(super) fn drop_identity(script: &mut Script, table: &str, old: &Column, new: &Column) {
    if old.identity.is_some() && new.identity.is_none() {
        let name = &old.sql;
        script.run_losing(
            format!("ALTER TABLE {table} ALTER COLUMN {name} DROP IDENTITY;\n"),
            format!("the position of the sequence of {table}.{name}"),
        );
    }
}

/// Gives the column its identity, or alters it.
pub(super) fn alter_identity(script: &mut Script, table: &str, old: &Column, new: &Column) {
    let alter = |change: &str| format!("ALTER TABLE {table} ALTER COLUMN {} {change};\n", new.sql);
    match (&old.identity, &new.identity) {
        (None, Some(identity)) => {
            let options = match identity.options.as_str() {
                "" => String::new(),
                options => format!(" ({options})"),
            };
            script.run(alter(&format!(
                "ADD GENERATED {} AS IDENTITY{options}",
                identity_word(identity)
            )));
            script.run(continue_after_rows(table, new, identity));
        }
        (Some(old), Some(new)) => {
            if old.always != new.always {
                script.run(alter(&format!("SET GENERATED {}", identity_word(new))));
            }
            if old.options != new.options {
                let (name, options) = (&old.sequence_sql, all_options(&new.options));
                script.run(format!("ALTER SEQUENCE {name} {options};\n"));
            }
        }
        _ => {}
    }
}

/// Moves a new sequence behind the values that rows have already: the next INSERT would give one of them a second time.
fn continue_after_rows(table: &str, column: &Column, identity: &Identity) -> String {
    let falls = identity.options.contains("INCREMENT BY -");
    let (last, is_behind) = if falls { ("min", "<=") } else { ("max", ">=") };
    let sequence = format!(
        "pg_catalog.pg_get_serial_sequence({}, {})",
        quote_literal(table),
        quote_literal(&column.name)
    );
    let last = format!("pg_catalog.{last}({})", column.sql);
    // Without rows, or with rows that the sequence does not come to, it begins where its options say.
    format!(
        "SELECT pg_catalog.setval({sequence}, {last}) FROM {table}\n    \
         HAVING {last} {is_behind} (SELECT seqstart FROM pg_catalog.pg_sequence WHERE seqrelid = {sequence}::regclass);\n"
    )
}

fn identity_word(identity: &Identity) -> &'static str {
    if identity.always {
        "ALWAYS"
    } else {
        "BY DEFAULT"
    }
}
