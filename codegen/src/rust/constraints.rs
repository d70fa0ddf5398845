//! The constraints of the schema, as `constraints.rs` has them.

use super::names::{Unique, doc_text, pascal_case};
use super::view::{ConstraintView, Constraints};
use super::violations::{ConstraintKey, unique_indexes};
use crate::schema::Schema;
use crate::schema::model::Table;
use std::collections::BTreeMap;

/// The constraints, each with its position in the order of the schema.
pub(super) type ListedConstraints = BTreeMap<ConstraintKey, (usize, ConstraintView)>;

/// The view of `constraints.rs`: every constraint and unique index of every table.
pub(super) fn constraints_view(constraints: ListedConstraints) -> Constraints {
    let constraints = constraints.into_values();
    let mut constraints: Vec<(usize, ConstraintView)> = constraints.collect();
    constraints.sort_by_key(|(position, _)| *position);
    Constraints {
        constraints: constraints.into_iter().map(|(_, found)| found).collect(),
    }
}

/// The constraints with the names that the module has for them.
pub(super) fn list_constraints(schema: &Schema) -> ListedConstraints {
    let mut names = Unique::default();
    let mut constraints = BTreeMap::new();
    for table in &schema.tables {
        for (name, definition) in constraints_of(table) {
            let key = (table.oid.0, name.to_owned());
            // The error of a partition is that of the partitioned table to a caller.
            if schema.find_copied_constraint(&key).is_some() {
                continue;
            }
            let position = constraints.len();
            let constraint = ConstraintView {
                variant: names.name(&variant_name(&table.name.name, name)),
                doc: doc_text(&format!("Of `{}`: `{definition}`.", table.name.sql)),
                schema: format!("{:?}", table.name.schema),
                table: format!("{:?}", table.name.name),
                name: format!("{name:?}"),
                copies: copies_of(schema, &key),
            };
            constraints.insert(key, (position, constraint));
        }
    }
    constraints
}

/// The names under which Postgres reports the constraint of a partition or a child table.
fn copies_of(schema: &Schema, key: &ConstraintKey) -> Vec<String> {
    let copies = schema.copied_constraints.0.iter();
    let copies = copies.filter(|copy| copy.top == *key);
    copies
        .map(|copy| format!("({:?}, {:?}, {:?})", copy.schema, copy.table, copy.name))
        .collect()
}

/// The names and definitions of the constraints and unique indexes that a row can violate.
fn constraints_of(table: &Table) -> impl Iterator<Item = (&str, String)> {
    let constraints = table.constraints.iter();
    let constraints = constraints.map(|c| (c.name.as_str(), one_line(&c.definition)));
    let indexes = unique_indexes(table);
    let indexes = indexes.map(|i| (i.name.name.as_str(), one_line(&i.definition)));
    constraints.chain(indexes)
}

/// Names of constraints are only unique within their table, and mostly begin with its name.
fn variant_name(table: &str, name: &str) -> String {
    // Postgres begins the names that it chooses with the table already.
    if name.starts_with(table) {
        pascal_case(name)
    } else {
        pascal_case(&format!("{table}_{name}"))
    }
}

fn one_line(definition: &str) -> String {
    let words: Vec<&str> = definition.split_whitespace().collect();
    // A backtick would end the code in the documentation.
    words.join(" ").replace('`', "'")
}
