//! Kept sequences.

use super::change::Script;
use crate::schema::Schema;
use crate::schema::model::{Sequence, Table};

/// Alters the options and the owner of a sequence.
pub(super) fn alter_sequence(script: &mut Script, before: &Sequence, after: &Sequence) {
    let name = &after.name.sql;
    if before.owned_by != after.owned_by && before.owned_by.is_some() {
        script.run(format!("ALTER SEQUENCE {name} OWNED BY NONE;\n"));
    }
    if before.options != after.options || before.data_type != after.data_type {
        let (data_type, options) = (&after.data_type, all_options(&after.options));
        script.run(format!("ALTER SEQUENCE {name} AS {data_type} {options};\n"));
    }
    if before.unlogged != after.unlogged {
        let word = if after.unlogged { "UNLOGGED" } else { "LOGGED" };
        script.run(format!("ALTER SEQUENCE {name} SET {word};\n"));
    }
}

/// The options that are stated, and the others as they are by default.
pub(super) fn all_options(options: &str) -> String {
    let number_after = |word: &str| {
        let (_, rest) = options.split_once(word)?;
        rest.split_whitespace().next().map(str::to_owned)
    };
    let falls = number_after("INCREMENT BY ").is_some_and(|step| step.starts_with('-'));
    let (bound, otherwise) = if falls {
        ("MAXVALUE ", "-1")
    } else {
        ("MINVALUE ", "1")
    };
    let start = number_after(bound).unwrap_or_else(|| otherwise.to_owned());
    let start = format!("START WITH {start}");
    let defaults = [
        ("INCREMENT", "INCREMENT BY 1"),
        ("MINVALUE", "NO MINVALUE"),
        ("MAXVALUE", "NO MAXVALUE"),
        ("START", start.as_str()),
        ("CACHE", "CACHE 1"),
        ("CYCLE", "NO CYCLE"),
    ];
    let missing = defaults.iter().filter(|(word, _)| !options.contains(word));
    let mut all: Vec<&str> = missing.map(|(_, option)| *option).collect();
    all.extend(Some(options).filter(|options| !options.is_empty()));
    all.join(" ")
}

/// Sequences that a column of an old table comes to own.
pub(super) fn own_sequences(script: &mut Script, old: &Schema, new: &Schema, table: &Table) {
    for sequence in &new.sequences {
        let Some(owned) = sequence
            .owned_by
            .as_ref()
            .filter(|owned| owned.table == table.name.sql)
        else {
            continue;
        };
        let mut formers = old.sequences.iter();
        let former = formers.find(|former| former.name == sequence.name);
        if former.is_none_or(|former| former.owned_by.as_ref() != Some(owned)) {
            script.run(format!(
                "ALTER SEQUENCE {} OWNED BY {}.{};\n",
                sequence.name.sql, owned.table, owned.column
            ));
        }
    }
}
