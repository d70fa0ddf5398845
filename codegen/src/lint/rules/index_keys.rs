//! Every index of a table, also those of its constraints, in one form that can be compared.

use crate::schema::model::{Constraint, ConstraintKind, Index, Table};

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IndexKeys<'a> {
    /// Unquoted name.
    pub(super) name: &'a str,
    /// Name as SQL: of an index with its schema, of a constraint alone.
    pub(super) sql: &'a str,
    /// Whose it is.
    pub(super) owner: IndexOwner,
    /// Whether it refuses rows that are alike.
    pub(super) unique: bool,
    /// Whether NULLs are alike.
    pub(super) nulls_alike: bool,
    /// The access method.
    pub(super) method: &'a str,
    /// The key as SQL.
    pub(super) keys: Vec<&'a str>,
    /// How many columns it holds besides.
    pub(super) included: usize,
    /// Of which rows it is.
    pub(super) predicate: Option<&'a str>,
}

/// Whose an index is, the most needed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum IndexOwner {
    /// That of the primary key.
    PrimaryKey,
    /// That of a unique constraint.
    Constraint,
    /// Its own.
    Index,
}

/// All indexes of the table, other than those of exclusion constraints.
pub(super) fn index_keys(table: &Table) -> Vec<IndexKeys<'_>> {
    let constraints = table.constraints.iter();
    let constraints = constraints.filter_map(|constraint| of_constraint(table, constraint));
    constraints
        .chain(table.indexes.iter().map(of_index))
        .collect()
}

fn of_constraint<'a>(table: &'a Table, constraint: &'a Constraint) -> Option<IndexKeys<'a>> {
    let owner = match constraint.kind {
        ConstraintKind::PrimaryKey => IndexOwner::PrimaryKey,
        ConstraintKind::Unique => IndexOwner::Constraint,
        _ => return None,
    };
    let columns = table.columns_at(&constraint.columns);
    let definition = &constraint.definition;
    let is_gist = definition.contains(" WITHOUT OVERLAPS");
    Some(IndexKeys {
        name: &constraint.name,
        sql: &constraint.sql,
        owner,
        unique: true,
        nulls_alike: definition.contains("NULLS NOT DISTINCT"),
        method: if is_gist { "gist" } else { "btree" },
        keys: columns.iter().map(|column| column.sql.as_str()).collect(),
        included: usize::from(definition.contains(" INCLUDE (")),
        predicate: None,
    })
}

fn of_index(index: &Index) -> IndexKeys<'_> {
    IndexKeys {
        name: &index.name.name,
        sql: &index.name.sql,
        owner: IndexOwner::Index,
        unique: index.definition.starts_with("CREATE UNIQUE INDEX "),
        nulls_alike: index.definition.contains("NULLS NOT DISTINCT"),
        method: &index.method,
        keys: index.keys.iter().map(String::as_str).collect(),
        included: index.included.len(),
        predicate: index.predicate.as_deref(),
    }
}
