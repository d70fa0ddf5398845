//! Indexes that are there twice.

use super::index_keys::{IndexKeys, IndexOwner, index_keys};
use crate::lint::context::Context;
use crate::lint::place::LinePrefixes;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::Table;
use crate::sql::identifier::write_identifier;

pub(super) const RULE: Rule = Rule {
    id: "duplicate-index",
    set: Set::General,
    promise: "no index is there twice",
    why: "The second one answers nothing that the first does not, and every write pays for both.",
    bad: "
CREATE TABLE notes (slug text UNIQUE, body text);
CREATE INDEX ON notes (slug);",
    good: "
CREATE TABLE notes (slug text UNIQUE, body text);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    context.tables().flat_map(find_duplicates).collect()
}

fn find_duplicates(table: &Table) -> Vec<Finding> {
    let mut indexes = index_keys(table);
    // The one to keep comes first: that of a key, then a unique one, then the first by name.
    indexes.sort_by_key(|index| (index.owner, !index.unique, index.name));
    let places = 0..indexes.len();
    let twice = places.filter_map(|place| {
        let index = &indexes[place];
        let first = indexes[..place]
            .iter()
            .find(|first| serves_as(first, index))?;
        Some(describe_violation(table, first, index))
    });
    twice.collect()
}

/// Whether `first` does all that `second` does.
fn serves_as(first: &IndexKeys<'_>, second: &IndexKeys<'_>) -> bool {
    let alike = |index: &IndexKeys<'_>| {
        (
            index.method.to_owned(),
            index.included,
            index.predicate.map(str::to_owned),
        )
    };
    let refuses = !second.unique || first.unique && first.nulls_alike == second.nulls_alike;
    first.keys == second.keys && alike(first) == alike(second) && second.included == 0 && refuses
}

fn describe_violation(table: &Table, first: &IndexKeys<'_>, second: &IndexKeys<'_>) -> Finding {
    let name = &table.name.sql;
    Finding {
        object: format!("{}.{}", table.name.annotation_key(), second.name),
        message: format!(
            "`{}` of `{name}` is the same index as `{}`",
            second.name, first.name
        ),
        place: place_of_index(table, second),
        fix: FindingFix::Sql(match second.owner {
            IndexOwner::Index => format!("DROP INDEX {};", second.sql),
            _ => format!("ALTER TABLE {name} DROP CONSTRAINT {};", second.sql),
        }),
    }
}

/// The line of an index or of the constraint that owns it.
pub(super) fn place_of_index(table: &Table, index: &IndexKeys<'_>) -> LinePrefixes {
    // An index is in the schema of its table, so CREATE INDEX names it without one.
    let bare = write_identifier(index.name);
    LinePrefixes::table(table)
        .line(format!("CREATE INDEX {bare} "))
        .line(format!("CREATE UNIQUE INDEX {bare} "))
        .line(format!("    CONSTRAINT {bare} "))
}
