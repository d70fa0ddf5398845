//! Indexes that another one begins with.

use super::duplicate_index::place_of_index;
use super::index_keys::{IndexKeys, IndexOwner, index_keys};
use crate::lint::context::Context;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::Table;

pub(super) const RULE: Rule = Rule {
    id: "redundant-index",
    set: Set::General,
    promise: "no index is only the beginning of another one",
    why: "The longer index answers the same questions, and every write pays for both.",
    bad: "
CREATE TABLE notes (author text, written_on date);
CREATE INDEX ON notes (author);
CREATE INDEX ON notes (author, written_on);",
    good: "
CREATE TABLE notes (author text, written_on date);
CREATE INDEX ON notes (author, written_on);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    context.tables().flat_map(find_redundant).collect()
}

fn find_redundant(table: &Table) -> Vec<Finding> {
    let indexes = index_keys(table);
    // A unique index also refuses rows, which a longer one does not.
    let short = indexes
        .iter()
        .filter(|index| index.owner == IndexOwner::Index && !index.unique);
    let found = short.filter_map(|index| {
        let longer = indexes.iter().find(|longer| begins_with(longer, index))?;
        Some(describe_violation(table, index, longer))
    });
    found.collect()
}

/// Whether `longer` has the keys of `index` and then more, over the same rows.
fn begins_with(longer: &IndexKeys<'_>, index: &IndexKeys<'_>) -> bool {
    // Of other kinds, a longer index may be worse at finding by its first columns.
    let trees = longer.method == "btree" && index.method == "btree";
    let same_rows = longer.predicate == index.predicate && index.included == 0;
    trees
        && same_rows
        && longer.keys.len() > index.keys.len()
        && longer.keys.starts_with(&index.keys)
}

fn describe_violation(table: &Table, index: &IndexKeys<'_>, longer: &IndexKeys<'_>) -> Finding {
    Finding {
        object: format!("{}.{}", table.name.annotation_key(), index.name),
        message: format!(
            "`{}` of `{}` is the beginning of `{}`",
            index.name, table.name.sql, longer.name
        ),
        place: place_of_index(table, index),
        fix: FindingFix::Sql(format!("DROP INDEX {};", index.sql)),
    }
}
