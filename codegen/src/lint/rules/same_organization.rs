//! Foreign keys that would let a row point into another organization.

use crate::lint::context::Context;
use crate::lint::place::LinePrefixes;
use crate::lint::rule::{Finding, FindingFix, Rule, Set};
use crate::schema::model::{Column, Constraint, ConstraintKind, Table};

pub(super) const RULE: Rule = Rule {
    id: "same-organization",
    set: Set::House,
    promise: "a foreign key between two tables of organizations holds the organization too",
    why: "Row-level security does not look at foreign keys, so only the key itself keeps a row from pointing at \
          what belongs to another organization.",
    bad: "
CREATE TABLE organizations (id text PRIMARY KEY);
CREATE TABLE authors (id text PRIMARY KEY, organization_id text NOT NULL REFERENCES organizations);
CREATE TABLE notes (
    organization_id text NOT NULL REFERENCES organizations,
    author_id text REFERENCES authors ON DELETE SET NULL
);",
    good: "
CREATE TABLE organizations (id text PRIMARY KEY);
CREATE TABLE authors (
    id text PRIMARY KEY,
    organization_id text NOT NULL REFERENCES organizations,
    UNIQUE (organization_id, id)
);
CREATE TABLE notes (
    organization_id text NOT NULL REFERENCES organizations,
    author_id text,
    FOREIGN KEY (organization_id, author_id) REFERENCES authors (organization_id, id) ON DELETE SET NULL (author_id)
);",
    check: find_violations,
};

const COLUMN: &str = "organization_id";

fn find_violations(context: &Context<'_>) -> Vec<Finding> {
    let tables = context.tables();
    let keys = tables.flat_map(|table| table.foreign_keys().map(move |key| (table, key)));
    keys.filter_map(|(table, key)| describe_violation(context, table, key))
        .collect()
}

fn describe_violation(context: &Context<'_>, table: &Table, key: &Constraint) -> Option<Finding> {
    let target = key.references.as_ref()?;
    let other = context.schema.table(target.table_oid)?;
    let (own, others) = (table.column(COLUMN)?, other.column(COLUMN)?);
    let mut pairs = key.columns.iter().zip(&target.columns);
    if pairs.any(|(column, target)| column.0 == own.number.0 && target.0 == others.number.0) {
        return None;
    }
    Some(Finding {
        object: format!("{}.{}", table.name.annotation_key(), key.name),
        message: format!(
            "`{}` of `{}` lets a row refer to one of `{}` in another organization",
            key.name, table.name.sql, other.name.sql
        ),
        place: LinePrefixes::table(table).line(format!("    -- foreign key: {} ", key.sql)),
        fix: FindingFix::Sql(write_fix(table, key, other)),
    })
}

fn write_fix(table: &Table, key: &Constraint, other: &Table) -> String {
    let (name, target) = (&table.name.sql, &other.name.sql);
    let positions = key
        .references
        .as_ref()
        .map(|target| target.columns.as_slice());
    let targets = other.columns_at(positions.unwrap_or_default());
    let columns = join_names(&table.columns_at(&key.columns));
    let targets = join_names(&targets);
    let unique = if is_unique(other, &format!("{COLUMN}, {targets}")) {
        String::new()
    } else {
        format!("ALTER TABLE {target} ADD UNIQUE ({COLUMN}, {targets});\n")
    };
    format!(
        "{unique}ALTER TABLE {name} DROP CONSTRAINT {0};\n\
         ALTER TABLE {name} ADD CONSTRAINT {0} FOREIGN KEY ({COLUMN}, {columns}) REFERENCES {target} ({COLUMN}, {targets}){1};",
        key.sql,
        read_actions(&key.definition, &columns)
    )
}

fn join_names(columns: &[&Column]) -> String {
    let names = columns.iter().map(|column| column.sql.as_str());
    names
        .filter(|name| *name != COLUMN)
        .collect::<Vec<_>>()
        .join(", ")
}

fn is_unique(table: &Table, columns: &str) -> bool {
    let mut constraints = table.constraints.iter();
    constraints.any(|constraint| {
        matches!(
            constraint.kind,
            ConstraintKind::PrimaryKey | ConstraintKind::Unique
        ) && constraint.definition.ends_with(&format!("({columns})"))
    })
}

/// The text behind the target. ON DELETE SET NULL names the key's own columns only, because the organization stays.
fn read_actions(definition: &str, columns: &str) -> String {
    let after = definition
        .split_once(" REFERENCES ")
        .map_or("", |(_, target)| target);
    let actions = after.split_once(')').map_or("", |(_, actions)| actions);
    let deleted =
        actions.contains(" ON DELETE SET NULL (") || actions.contains(" ON DELETE SET DEFAULT (");
    if deleted {
        return actions.to_owned();
    }
    actions
        .replace(
            " ON DELETE SET NULL",
            &format!(" ON DELETE SET NULL ({columns})"),
        )
        .replace(
            " ON DELETE SET DEFAULT",
            &format!(" ON DELETE SET DEFAULT ({columns})"),
        )
}
