//! `GENERATED … AS IDENTITY` of a kept column.

use super::ids::column_id;
use super::operation::{Fact, Operation, Rank};
use super::plan::Plan;
use super::sequences::list_all_options;
use crate::schema::model::{Column, Identity, ObjectId, Table};

/// Drops the identity of a column, early: a new sequence may take the name of its sequence.
pub(super) fn drop_identity(plan: &mut Plan, table: &Table, (old, new): (&Column, &Column)) {
    let (table, name) = (&table.name.sql, &old.sql);
    if let (Some(identity), None) = (&old.identity, &new.identity) {
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {name} DROP IDENTITY;\n");
        plan.add(
            Operation::new(Rank::DropPart, sql)
                .loses(format!("the position of the sequence of {table}.{name}"))
                .provides([Fact::Gone(ObjectId::relation(
                    identity.sequence_sql.as_str(),
                ))])
                .on(column_id(table, old)),
        );
    }
}

/// Gives the column its identity, or alters it.
pub(super) fn alter_identity(plan: &mut Plan, table: &str, old: &Column, new: &Column) {
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
            plan.add(add.needs([Fact::Gone(name)]));
        }
        (Some(old), Some(new)) => {
            if old.always != new.always {
                plan.add(alter(&format!("SET GENERATED {}", identity_word(new))));
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

fn identity_word(identity: &Identity) -> &'static str {
    if identity.always {
        "ALWAYS"
    } else {
        "BY DEFAULT"
    }
}
