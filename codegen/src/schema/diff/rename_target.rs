//! The object that a declared rename is about, by its name alone.

use crate::schema::Schema;
use crate::schema::model::{Name, ViewKind};

/// The renamed object; all names are SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenameTarget {
    /// A table, view, index, sequence or type.
    Object {
        /// As ALTER calls it: `TABLE`.
        word: &'static str,
        /// Its schema.
        schema: String,
        /// Its name.
        name: String,
    },
    /// A column, attribute or constraint.
    Part {
        /// The object with the word for it: `TABLE notes`.
        owner: String,
        /// As ALTER calls the part: `COLUMN`.
        word: &'static str,
        /// Its name.
        name: String,
    },
    /// A label of an enum.
    Label {
        /// The enum.
        owner: String,
        /// The label, as it is.
        label: String,
    },
    /// A schema.
    Schema {
        /// Its name.
        name: String,
    },
}

/// Finds the object of a name in parts, unquoted: an object before a part of one, and those before a schema.
pub(super) fn find_target(schema: &Schema, names: &[String]) -> Option<RenameTarget> {
    match names {
        [name] => find_object(schema, "public", name).or_else(|| find_schema(schema, name)),
        [first, second] => find_object(schema, first, second)
            .or_else(|| find_part(schema, ("public", first), second)),
        [namespace, owner, part] => find_part(schema, (namespace, owner), part),
        _ => None,
    }
}

fn find_schema(schema: &Schema, name: &str) -> Option<RenameTarget> {
    let found = schema.schemas.iter().find(|item| item.name == name)?;
    Some(RenameTarget::Schema {
        name: found.sql.clone(),
    })
}

/// All objects that have a name of their own in a schema, each with ALTER's word for it.
fn objects(schema: &Schema) -> impl Iterator<Item = (&'static str, &Name)> {
    let tables = schema.tables.iter().map(|table| ("TABLE", &table.name));
    let indexes = schema.tables.iter().flat_map(|table| &table.indexes);
    let view_indexes = schema.views.iter().flat_map(|view| &view.indexes);
    let views = schema.views.iter().map(|view| {
        let word = match view.kind {
            ViewKind::View => "VIEW",
            _ => "MATERIALIZED VIEW",
        };
        (word, &view.name)
    });
    tables
        .chain(
            indexes
                .chain(view_indexes)
                .map(|index| ("INDEX", &index.name)),
        )
        .chain(views)
        .chain(schema.sequences.iter().map(|item| ("SEQUENCE", &item.name)))
        .chain(schema.enums.iter().map(|item| ("TYPE", &item.name)))
        .chain(schema.composites.iter().map(|item| ("TYPE", &item.name)))
        .chain(schema.domains.iter().map(|item| ("DOMAIN", &item.name)))
}

fn find_object(schema: &Schema, namespace: &str, name: &str) -> Option<RenameTarget> {
    let (word, found) =
        objects(schema).find(|(_, found)| found.schema == namespace && found.name == name)?;
    Some(object(schema, word, found))
}

/// An object as a target.
pub(super) fn object(schema: &Schema, word: &'static str, name: &Name) -> RenameTarget {
    let namespace = schema.schemas.iter().find(|item| item.name == name.schema);
    let namespace = namespace.map_or_else(|| name.schema.clone(), |item| item.sql.clone());
    // The name as SQL has its schema in front, unless that is `public`.
    let own = name.sql.strip_prefix(&format!("{namespace}."));
    RenameTarget::Object {
        word,
        schema: namespace,
        name: own.unwrap_or(&name.sql).to_owned(),
    }
}

fn find_part(
    schema: &Schema,
    (namespace, owner): (&str, &str),
    part: &str,
) -> Option<RenameTarget> {
    let is = |name: &Name| name.schema == namespace && name.name == owner;
    let found = |owner: String, word: &'static str, name: &String| {
        let name = name.clone();
        Some(RenameTarget::Part { owner, word, name })
    };
    if let Some(table) = schema.tables.iter().find(|table| is(&table.name)) {
        let owner = format!("TABLE {}", table.name.sql);
        if let Some(column) = table.columns.iter().find(|column| column.name == part) {
            return found(owner, "COLUMN", &column.sql);
        }
        let constraint = table.constraints.iter().find(|item| item.name == part)?;
        return found(owner, "CONSTRAINT", &constraint.sql);
    }
    if let Some(view) = schema.views.iter().find(|view| is(&view.name)) {
        let word = match view.kind {
            ViewKind::View => "VIEW",
            _ => "MATERIALIZED VIEW",
        };
        let column = view.columns.iter().find(|column| column.name == part)?;
        return found(format!("{word} {}", view.name.sql), "COLUMN", &column.sql);
    }
    if let Some(item) = schema.enums.iter().find(|item| is(&item.name)) {
        let label = item.labels.iter().find(|label| *label == part)?;
        return Some(RenameTarget::Label {
            owner: item.name.sql.clone(),
            label: label.clone(),
        });
    }
    if let Some(item) = schema.composites.iter().find(|item| is(&item.name)) {
        let field = item.fields.iter().find(|field| field.name == part)?;
        return found(format!("TYPE {}", item.name.sql), "ATTRIBUTE", &field.sql);
    }
    let item = schema.domains.iter().find(|item| is(&item.name))?;
    let constraint = item.constraints.iter().find(|check| check.name == part)?;
    found(
        format!("DOMAIN {}", item.name.sql),
        "CONSTRAINT",
        &constraint.sql,
    )
}
