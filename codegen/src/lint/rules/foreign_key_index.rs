//! Foreign keys that no index leads with.

use super::index_keys::{IndexKeys, index_keys};
use crate::lint::context::{Context, join_column_names};
use crate::lint::place::LinePrefixes;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{Column, Constraint, Table};

pub(super) const RULE: Rule = Rule {
    id: "foreign-key-index",
    set: Set::General,
    promise: "an index leads with the columns of every foreign key",
    why: "To delete a row, or to join from its side, Postgres looks for the rows that refer to it; without a \
          usable index (of all rows, with the columns first) it reads the whole table each time.",
    bad: "
CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE notes (author_id bigint REFERENCES authors, body text);
CREATE INDEX ON notes (author_id) WHERE body IS NOT NULL;
CREATE INDEX ON notes (body, author_id);",
    good: "
CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE notes (author_id bigint REFERENCES authors, body text);
CREATE INDEX ON notes (author_id, body);",
    check: find_violations,
};

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    context.tables().flat_map(find_unindexed).collect()
}

fn find_unindexed(table: &Table) -> Vec<Finding> {
    let indexes = index_keys(table);
    let led = |key: &&Constraint| {
        let columns = table.columns_at(&key.columns);
        indexes.iter().any(|index| leads_with(index, &columns))
    };
    let keys = table.foreign_keys().filter(|key| !led(key));
    keys.map(|key| describe_violation(table, key)).collect()
}

/// Whether the index finds all rows by these columns: they are its first, in any order.
fn leads_with(index: &IndexKeys<'_>, columns: &[&Column]) -> bool {
    // Others, as gin and brin, do not lead straight to the rows of one key.
    let usable = match index.method {
        "btree" => index.keys.len() >= columns.len(),
        "hash" => columns.len() == 1,
        _ => false,
    };
    let first = index.keys.iter().take(columns.len());
    let key = |key: &&str| columns.iter().any(|column| is_column(key, column));
    usable && index.predicate.is_none() && first.filter(|first| key(first)).count() == columns.len()
}

/// Whether the key is the column, in whatever order, but by the column's own collation.
fn is_column(key: &str, column: &Column) -> bool {
    let rest = key.strip_prefix(column.sql.as_str());
    rest.is_some_and(|rest| {
        // An index of another collation finds nothing by the key.
        rest.is_empty() || rest.starts_with(' ') && !rest.starts_with(" COLLATE ")
    })
}

fn describe_violation(table: &Table, key: &Constraint) -> Finding {
    let columns = join_column_names(&table.columns_at(&key.columns));
    let name = &table.name.sql;
    let target = key.references.as_ref().map(|target| target.table.as_str());
    Finding {
        object: format!("{}.{}", table.name.annotation_key(), key.name),
        message: format!(
            "no index leads with `{columns}`, the foreign key of `{name}` to `{}`",
            target.unwrap_or_default()
        ),
        place: LinePrefixes::table(table).line(format!("    -- foreign key: {} ", key.sql)),
        fix: FindingFix::Sql(format!("CREATE INDEX ON {name} ({columns});")),
    }
}
