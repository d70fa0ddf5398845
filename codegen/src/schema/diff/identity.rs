//! `GENERATED … AS IDENTITY` of a column that stays.

use super::change::Script;
use super::sequences::all_options;
use crate::schema::model::{Column, Identity};

/// Takes the identity from a column, early: its sequence has a name that a new one may take.
pub(super) fn drop(script: &mut Script, table: &str, old: &Column, new: &Column) {
    if old.identity.is_some() && new.identity.is_none() {
        let name = &old.sql;
        script.lose(
            format!("ALTER TABLE {table} ALTER COLUMN {name} DROP IDENTITY;\n"),
            format!("where the sequence of {table}.{name} stands"),
        );
    }
}

/// Gives the column its identity, or alters it.
pub(super) fn alter(script: &mut Script, table: &str, old: &Column, new: &Column) {
    let alter = |what: &str| format!("ALTER TABLE {table} ALTER COLUMN {} {what};\n", new.sql);
    match (&old.identity, &new.identity) {
        (None, Some(identity)) => {
            let options = match identity.options.as_str() {
                "" => String::new(),
                options => format!(" ({options})"),
            };
            script.run(alter(&format!(
                "ADD GENERATED {} AS IDENTITY{options}",
                word(identity)
            )));
        }
        (Some(old), Some(new)) => {
            if old.always != new.always {
                script.run(alter(&format!("SET GENERATED {}", word(new))));
            }
            if old.options != new.options {
                let (name, options) = (&old.sequence_sql, all_options(&new.options));
                script.run(format!("ALTER SEQUENCE {name} {options};\n"));
            }
        }
        _ => {}
    }
}

fn word(identity: &Identity) -> &'static str {
    if identity.always {
        "ALWAYS"
    } else {
        "BY DEFAULT"
    }
}
