//! The constraints of the schema, as `constraints.rs` has them.

use super::names::{Unique, doc_text, pascal_case};
use super::view::{Constraint, Constraints};
use crate::schema::Schema;
use crate::schema::model::Table;

/// The view of `constraints.rs`: every constraint and unique index of every table.
pub(super) fn constraints_view(schema: &Schema) -> Constraints {
    let mut names = Unique::default();
    let mut constraints = Vec::new();
    for table in &schema.tables {
        for (name, definition) in constraints_of(table) {
            constraints.push(Constraint {
                variant: names.name(&variant_name(&table.name.name, name)),
                doc: doc_text(&format!("Of `{}`: `{definition}`.", table.name.sql)),
                schema: format!("{:?}", table.name.schema),
                table: format!("{:?}", table.name.name),
                name: format!("{name:?}"),
            });
        }
    }
    Constraints { constraints }
}

/// The names and definitions of the constraints and unique indexes that a row can violate.
fn constraints_of(table: &Table) -> impl Iterator<Item = (&str, String)> {
    let constraints = table.constraints.iter();
    let constraints = constraints.map(|c| (c.name.as_str(), one_line(&c.definition)));
    let indexes = table.indexes.iter().filter(|index| {
        let definition = index.definition.as_str();
        definition.starts_with("CREATE UNIQUE INDEX")
    });
    let indexes = indexes.map(|i| (i.name.name.as_str(), one_line(&i.definition)));
    constraints.chain(indexes)
}

/// Names of constraints are only unique within their table, and mostly begin with its name.
fn variant_name(table: &str, name: &str) -> String {
    if name.starts_with(table) {
        pascal_case(name)
    } else {
        pascal_case(&format!("{table}_{name}"))
    }
}

fn one_line(definition: &str) -> String {
    let words: Vec<&str> = definition.split_whitespace().collect();
    words.join(" ").replace('`', "'")
}
