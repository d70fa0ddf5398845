//! Kept sequences.

use super::comparison::Comparison;
use super::ids::table_id;
use super::operation::{DatabaseFact, Operation, Rank};
use super::plan::Plan;
use crate::schema::model::{ObjectId, ObjectKind, Sequence, Table};
use crate::sql::quote::quote_literal;

/// Alters the options of a sequence, and frees it from the column that owned it.
pub(super) fn alter_sequence(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    before: &Sequence,
    after: &Sequence,
) {
    let name = &after.name.sql;
    let id = ObjectId::relation(name.as_str());
    if is_freed(comparison, before, after) {
        // Early: with the column that owns it the sequence would be dropped.
        let sql = format!("ALTER SEQUENCE {name} OWNED BY NONE;\n");
        plan.add(Operation::new(Rank::Detach, sql).provides([DatabaseFact::Free(id.clone())]));
    }
    if before.options != after.options || before.data_type != after.data_type {
        plan.run(Rank::AlterType, alter_options(before, after));
    }
    set_logged(plan, comparison, before, after);
}

fn is_freed(comparison: &Comparison<'_>, before: &Sequence, after: &Sequence) -> bool {
    let column = |item: &Sequence| {
        let owned = item.owned_by.as_ref();
        owned.map(|owned| (owned.table.clone(), owned.column.clone()))
    };
    let owner = before.owned_by.as_ref();
    let is_rebuilt = owner.is_some_and(|owned| comparison.is_rebuilt(&owned.table));
    is_rebuilt || owner.is_some() && column(before) != column(after)
}

/// A table takes the sequences that its columns own with it (ALTER TABLE, SET LOGGED).
fn set_logged(plan: &mut Plan, comparison: &Comparison<'_>, before: &Sequence, after: &Sequence) {
    let owner = before
        .owned_by
        .as_ref()
        .filter(|_| !is_freed(comparison, before, after));
    let owner = owner.and_then(|owned| comparison.kept_table(&owned.table));
    let moved = owner.filter(|(former, table)| former.unlogged != table.unlogged);
    let unlogged = moved.map_or(before.unlogged, |(_, table)| table.unlogged);
    if unlogged != after.unlogged {
        let word = if after.unlogged { "UNLOGGED" } else { "LOGGED" };
        let sql = format!("ALTER SEQUENCE {} SET {word};\n", after.name.sql);
        let table = moved.map(|(table, _)| DatabaseFact::Logged(table_id(table)));
        plan.add(Operation::new(Rank::AlterType, sql).needs(table));
    }
}

/// `ALTER SEQUENCE` with all options, and before it a statement that moves a position that the new bounds would exclude:
/// Postgres refuses such bounds (`init_params`).
fn alter_options(before: &Sequence, after: &Sequence) -> String {
    let (old, new) = (find_bounds(before), find_bounds(after));
    let (name, (least, most)) = (&after.name.sql, new);
    // A stated type resets bounds that are those of the type, against the direction of the new options.
    let data_type = if before.data_type == after.data_type {
        String::new()
    } else {
        format!(" AS {}", after.data_type)
    };
    let mut options = list_all_options(&after.options);
    // The meaning of NO MINVALUE and NO MAXVALUE depends on the direction.
    if is_descending(&before.options) != is_descending(&after.options) {
        options = options
            .replace("NO MINVALUE", &format!("MINVALUE {least}"))
            .replace("NO MAXVALUE", &format!("MAXVALUE {most}"));
    }
    let statement = format!("ALTER SEQUENCE {name}{data_type} {options}");
    // Wider bounds hold whatever position the sequence has.
    if new.0 <= old.0 && new.1 >= old.1 {
        return format!("{statement};\n");
    }
    // No former position lies in the new bounds.
    if new.0 > old.1 || new.1 < old.0 {
        return format!("{statement} RESTART;\n");
    }
    // A position outside of the new bounds is moved into them first, or Postgres refuses the
    // bounds.
    format!(
        "SELECT pg_catalog.setval({}, CASE WHEN last_value < {least} THEN {least} ELSE {most} END, false) FROM {name}\n    \
         WHERE last_value NOT BETWEEN {least} AND {most};\n{statement};\n",
        quote_literal(name)
    )
}

/// The least and the greatest value of a sequence.
fn find_bounds(sequence: &Sequence) -> (i64, i64) {
    let (least, most) = match sequence.data_type.as_str() {
        "smallint" => (i16::MIN.into(), i16::MAX.into()),
        "integer" => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    };
    let number = |word: &str| number_after(&sequence.options, word)?.parse::<i64>().ok();
    let otherwise = if is_descending(&sequence.options) {
        (least, -1)
    } else {
        (1, most)
    };
    (
        number("MINVALUE ").unwrap_or(otherwise.0),
        number("MAXVALUE ").unwrap_or(otherwise.1),
    )
}

/// Whether a sequence counts down.
fn is_descending(options: &str) -> bool {
    number_after(options, "INCREMENT BY ").is_some_and(|step| step.starts_with('-'))
}

fn number_after<'a>(options: &'a str, word: &str) -> Option<&'a str> {
    let (_, rest) = options.split_once(word)?;
    rest.split_whitespace().next()
}

/// The options that are stated, and the others as they are by default.
pub(super) fn list_all_options(options: &str) -> String {
    let (bound, otherwise) = if is_descending(options) {
        ("MAXVALUE ", "-1")
    } else {
        ("MINVALUE ", "1")
    };
    let start = number_after(options, bound).unwrap_or(otherwise);
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
pub(super) fn own_sequences(plan: &mut Plan, comparison: &Comparison<'_>, table: &Table) {
    for sequence in &comparison.new.sequences {
        let owned = sequence.owned_by.as_ref();
        let Some(owned) = owned.filter(|owned| owned.table == table.name.sql) else {
            continue;
        };
        let mut formers = comparison.old.sequences.iter();
        let former = formers.find(|former| former.name == sequence.name);
        if former.is_none_or(|former| {
            former.owned_by.is_none() || is_freed(comparison, former, sequence)
        }) {
            let (name, table, column) = (&sequence.name.sql, &owned.table, &owned.column);
            let sql = give_to_owner(comparison, former, sequence, table)
                + &format!("ALTER SEQUENCE {name} OWNED BY {table}.{column};\n");
            let id = ObjectId::relation(name.as_str());
            let column = ObjectId::part(ObjectKind::Column, table, column);
            plan.add(Operation::new(Rank::AlterTable, sql).needs([
                DatabaseFact::Ready(id.clone()),
                DatabaseFact::Free(id),
                DatabaseFact::Ready(column),
            ]));
        }
    }
}

/// Makes the owner of the table that of the sequence, which Postgres demands of a sequence that a column owns. The owners are
/// still those of before: the table's changes later, and takes the sequence with it.
fn give_to_owner(
    comparison: &Comparison<'_>,
    former: Option<&Sequence>,
    sequence: &Sequence,
    table: &str,
) -> String {
    let own = former.and_then(|former| former.attached.owner.as_deref());
    let kept = comparison.kept_table(table);
    let owner = kept.and_then(|(before, _)| before.attached.owner.as_deref());
    // Postgres wants one owner for a table and the sequences that its columns own.
    if own == owner {
        return String::new();
    }
    let owner = owner.unwrap_or("CURRENT_USER");
    format!("ALTER SEQUENCE {} OWNER TO {owner};\n", sequence.name.sql)
}
