//! The names of the objects and columns of one database, by their numbers.

use std::collections::HashMap;

/// The names of the objects of one catalog.
pub(super) type ObjectNames = HashMap<u32, Box<str>>;

/// The names of all objects and columns to which a row may refer.
#[derive(Debug)]
pub(super) struct CatalogNames {
    /// By catalog.
    objects: HashMap<String, ObjectNames>,
    /// By the table's number and the column's.
    columns: HashMap<(u32, i16), Box<str>>,
    /// The catalogs by their own numbers.
    classes: HashMap<u32, String>,
}

impl CatalogNames {
    /// Without any name yet.
    pub(super) fn new(classes: HashMap<u32, String>) -> Self {
        Self {
            classes,
            objects: HashMap::new(),
            columns: HashMap::new(),
        }
    }

    pub(super) fn add_object(&mut self, catalog: &str, number: u32, name: &str) {
        let names = self.objects.entry(catalog.to_owned()).or_default();
        names.insert(number, name.into());
    }

    pub(super) fn add_column(&mut self, relation: u32, number: i16, name: &str) {
        self.columns.insert((relation, number), name.into());
    }

    /// The names of the objects of a catalog; none if the numbers of its rows are the same in every database.
    pub(super) fn of_catalog(&self, catalog: &str) -> Option<&ObjectNames> {
        self.objects.get(catalog)
    }

    /// The catalog with a number.
    pub(super) fn class(&self, number: &str) -> Option<&str> {
        let number = number.parse().ok()?;
        Some(self.classes.get(&number)?)
    }

    /// The name of a relation's column, or its number.
    pub(super) fn column<'text>(&'text self, relation: &str, number: &'text str) -> &'text str {
        let key = relation.parse().ok().zip(number.parse().ok());
        let known = key.and_then(|key| self.columns.get(&key));
        known.map_or(number, AsRef::as_ref)
    }
}

/// The name of an object, or its number: one below those of users means the same in every database.
pub(super) fn name_object<'text>(
    names: Option<&'text ObjectNames>,
    number: &'text str,
) -> &'text str {
    let known = names.and_then(|names| names.get(&number.parse().ok()?));
    known.map_or(number, AsRef::as_ref)
}
