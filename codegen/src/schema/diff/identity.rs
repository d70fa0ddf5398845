//! `GENERATED … AS IDENTITY` of a kept column.

use super::comparison::Comparison;
use super::ids::column_id;
use super::operation::{DatabaseFact, Operation, Rank};
use super::plan::Plan;
use super::sequences::list_all_options;
use crate::schema::dump::sequences::set_logging;
use crate::schema::model::{Column, Identity, ObjectId, Table};
use crate::sql::quote::quote_literal;

/// Drops the identity of a column, early: a new sequence may take the name of its sequence.
pub(super) fn drop_identity(plan: &mut Plan, table: &Table, (old, new): (&Column, &Column)) {
    let (table, name) = (&table.name.sql, &old.sql);
    if let (Some(identity), None) = (&old.identity, &new.identity) {
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {name} DROP IDENTITY;\n");
        plan.add(
            Operation::new(Rank::DropPart, sql)
                .loses(format!("the position of the sequence of {table}.{name}"))
                .provides([DatabaseFact::Gone(ObjectId::relation(
                    identity.sequence_sql.as_str(),
                ))])
                .on(column_id(table, old)),
        );
    }
}

/// Gives the column its identity, or alters it.
pub(super) fn alter_identity(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    table: &str,
    (old, new): (&Column, &Column),
) {
    let subject = column_id(table, new);
    let alter = |change: &str| {
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {} {change};\n", new.sql);
        Operation::new(Rank::AlterTable, sql).on(subject.clone())
    };
    match (&old.identity, &new.identity) {
        (None, Some(identity)) => {
            let options = match identity.options.as_str() {
                "" => String::new(),
                options => format!(" ({options})"),
            };
            let word = identity_word(identity);
            let add = alter(&format!("ADD GENERATED {word} AS IDENTITY{options}"));
            let name = ObjectId::relation(identity.sequence_sql.as_str());
            plan.add(add.needs([DatabaseFact::Gone(name)]));
            // The rows that are there may have the first numbers already.
            let sql = continue_after_rows(table, new, identity);
            plan.add(Operation::new(Rank::AlterTable, sql).on(subject));
        }
        (Some(old), Some(new)) => {
            if old.always != new.always {
                plan.add(alter(&format!("SET GENERATED {}", identity_word(new))));
            }
            if follow_table(comparison, table, old) != new.unlogged {
                let logging = set_logging(&old.sequence_sql, new.unlogged);
                let logged = DatabaseFact::Logged(ObjectId::relation(table));
                plan.add(Operation::new(Rank::AlterTable, logging).needs([logged]));
            }
            if old.options != new.options {
                let (name, options) = (&old.sequence_sql, list_all_options(&new.options));
                let sql = format!("ALTER SEQUENCE {name} {options};\n");
                plan.add(Operation::new(Rank::AlterTable, sql).on(subject));
            }
        }
        _ => {}
    }
}

/// Moves a new sequence behind the values that rows have already: the next INSERT would give one of them a second time.
pub(super) fn continue_after_rows(table: &str, column: &Column, identity: &Identity) -> String {
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

/// Whether the sequence is unlogged once the table is: a table takes the sequences of its columns with it (ALTER TABLE, SET
/// LOGGED).
fn follow_table(comparison: &Comparison<'_>, table: &str, identity: &Identity) -> bool {
    let pair = comparison.kept_table(table);
    let changed = pair.filter(|(before, after)| before.unlogged != after.unlogged);
    changed.map_or(identity.unlogged, |(_, after)| after.unlogged)
}

fn identity_word(identity: &Identity) -> &'static str {
    if identity.always {
        "ALWAYS"
    } else {
        "BY DEFAULT"
    }
}
