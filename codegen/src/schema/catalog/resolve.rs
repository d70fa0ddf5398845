//! One row as it is compared: names in place of numbers.

use std::borrow::Cow;

use serde_json::Value;
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::names::{CatalogNames, ObjectNames, name_object};
use super::omitted::{COLUMNS_OF, UNORDERED};
use super::read::SystemCatalog;
use super::{CatalogRow, SEPARATOR};

/// Columns that refer to a row of another catalog.
#[derive(Debug)]
pub(super) struct CatalogReference {
    /// One column with an object's number, or a column with a table's number and one with numbers of its columns.
    pub(super) columns: Vec<String>,
    pub(super) target: String,
}

/// The columns by which a row names any object: its catalog, its number, and the number of a part of it.
/// `pg_get_catalog_foreign_keys` does not list these: their target differs from row to row.
const ANY_OBJECT: [(&str, &str, &str); 3] = [
    ("classoid", "objoid", "objsubid"),
    ("classid", "objid", "objsubid"),
    ("refclassid", "refobjid", "refobjsubid"),
];

/// What a value of a column means.
#[derive(Clone, Copy, Debug)]
enum Meaning<'names> {
    /// Itself.
    Value,
    /// The object with this number, or the objects; without names if the numbers are the same in every database.
    Object(Option<&'names ObjectNames>),
    /// The column, or columns, of the relation whose number is in another column of the row.
    ColumnOf(usize),
    /// An object of the catalog whose number is in another column of the row.
    AnyObject { class: usize },
    /// A part of that object: a column if it is a relation.
    AnyPart { class: usize, object: usize },
}

#[derive(Debug)]
struct ComparedColumn<'names> {
    meaning: Meaning<'names>,
    is_list: bool,
    is_unordered: bool,
}

/// The column with a constraint's kind, and the one with the columns that it is on.
#[derive(Debug)]
struct ConstraintColumns {
    kind: usize,
    key: usize,
}

/// Resolves the rows of one catalog.
#[derive(Debug)]
pub(super) struct RowResolver<'names> {
    catalog: &'names str,
    columns: Vec<ComparedColumn<'names>>,
    /// The columns whose values name the row.
    label: Vec<usize>,
    constraint: Option<ConstraintColumns>,
    names: &'names CatalogNames,
}

impl<'names> RowResolver<'names> {
    pub(super) fn new(
        name: &'names str,
        catalog: &SystemCatalog,
        references: &[CatalogReference],
        names: &'names CatalogNames,
    ) -> Self {
        let meanings = find_meanings(name, catalog, references, names);
        let columns = catalog.columns.iter().zip(meanings);
        let columns = columns.map(|(column, meaning)| ComparedColumn {
            meaning,
            is_list: column.is_list,
            is_unordered: UNORDERED.contains(&format!("{name}.{}", column.name).as_str()),
        });
        let constraint = catalog.place("contype").zip(catalog.place("conkey"));
        Self {
            catalog: name,
            columns: columns.collect(),
            label: find_label(name, catalog),
            constraint: constraint.map(|(kind, key)| ConstraintColumns { kind, key }),
            names,
        }
    }

    /// The row as it is compared; none if it follows from others, or belongs to a session.
    pub(super) fn resolve(&self, row: &PgRow) -> Result<Option<CatalogRow>, sqlx::Error> {
        let values = (0..self.columns.len()).map(|place| row.try_get::<Option<&str>, _>(place));
        let values: Vec<Option<&str>> = values.collect::<Result<_, _>>()?;
        let resolved = (0..values.len()).map(|place| self.resolve_value(place, &values));
        let resolved: Vec<Cow<'_, str>> = resolved.collect::<Result<_, _>>()?;
        let mut label = self.catalog.to_owned();
        for value in self.label.iter().filter_map(|place| resolved.get(*place)) {
            label.push(' ');
            label.push_str(value);
        }
        let label = label.trim_end();
        // The tables that hold the long values of others follow from these.
        if label.contains("pg_toast.") || is_temporary(label) {
            return Ok(None);
        }
        Ok(Some(CatalogRow {
            label: label.into(),
            values: resolved.join(SEPARATOR).into(),
        }))
    }

    fn resolve_value<'text>(
        &'text self,
        place: usize,
        values: &[Option<&'text str>],
    ) -> Result<Cow<'text, str>, sqlx::Error> {
        let (Some(column), Some(Some(value))) = (self.columns.get(place), values.get(place)) else {
            return Ok(Cow::Borrowed("null"));
        };
        let of_check = |constraint: &ConstraintColumns| {
            constraint.key == place && values.get(constraint.kind) == Some(&Some("c"))
        };
        let is_unordered = column.is_unordered || self.constraint.as_ref().is_some_and(of_check);
        if !column.is_list {
            return Ok(self.name(column.meaning, value, values));
        }
        if matches!(column.meaning, Meaning::Value) && !is_unordered {
            return Ok(Cow::Borrowed(value));
        }
        let elements: Vec<Value> = serde_json::from_str(value).map_err(decode_error)?;
        let elements: Vec<String> = elements.iter().map(print_element).collect();
        let named = elements
            .iter()
            .map(|element| self.name(column.meaning, element, values));
        let mut named: Vec<Cow<'_, str>> = named.collect();
        if is_unordered {
            named.sort();
        }
        Ok(Cow::Owned(
            serde_json::to_string(&named).map_err(decode_error)?,
        ))
    }

    /// The name in place of a number.
    fn name<'text>(
        &'text self,
        meaning: Meaning<'text>,
        value: &'text str,
        values: &[Option<&'text str>],
    ) -> Cow<'text, str> {
        let other = |place: usize| values.get(place).copied().flatten().unwrap_or_default();
        let name = match meaning {
            Meaning::Value => value,
            Meaning::Object(objects) => name_object(objects, value),
            Meaning::ColumnOf(relation) => self.names.column(other(relation), value),
            Meaning::AnyObject { class } => match self.names.class(other(class)) {
                Some(class) => name_object(self.names.of_catalog(class), value),
                None => value,
            },
            Meaning::AnyPart { class, object } => match self.names.class(other(class)) {
                Some("pg_class") if value == "0" => "",
                Some("pg_class") => self.names.column(other(object), value),
                _ => value,
            },
        };
        Cow::Borrowed(name)
    }
}

fn find_meanings<'names>(
    name: &str,
    catalog: &SystemCatalog,
    references: &[CatalogReference],
    names: &'names CatalogNames,
) -> Vec<Meaning<'names>> {
    let mut meanings = vec![Meaning::Value; catalog.columns.len()];
    let mut set = |column: &str, meaning| {
        if let Some(known) = catalog
            .place(column)
            .and_then(|place| meanings.get_mut(place))
        {
            *known = meaning;
        }
    };
    for reference in references {
        match reference.columns.as_slice() {
            [column] => set(column, Meaning::Object(names.of_catalog(&reference.target))),
            [relation, column] if reference.target == "pg_attribute" => {
                if let Some(relation) = catalog.place(relation) {
                    set(column, Meaning::ColumnOf(relation));
                }
            }
            _ => {}
        }
    }
    for (_, column, relation) in COLUMNS_OF.iter().filter(|(of, ..)| *of == name) {
        if let Some(relation) = catalog.place(relation) {
            set(column, Meaning::ColumnOf(relation));
        }
    }
    for (class, object, part) in ANY_OBJECT {
        if let Some((class, place)) = catalog.place(class).zip(catalog.place(object)) {
            set(object, Meaning::AnyObject { class });
            set(
                part,
                Meaning::AnyPart {
                    class,
                    object: place,
                },
            );
        }
    }
    set("oid", Meaning::Object(names.of_catalog(name)));
    meanings
}

/// The columns whose values name a row.
fn find_label(name: &str, catalog: &SystemCatalog) -> Vec<usize> {
    let keys = catalog.columns.iter().filter(|column| column.is_key);
    let columns: Vec<&str> = match name {
        "pg_attribute" => vec!["attrelid", "attname"],
        "pg_enum" => vec!["enumtypid", "enumlabel"],
        "pg_depend" => vec!["objid", "refobjid", "refobjsubid"],
        _ => keys.map(|column| column.name.as_str()).collect(),
    };
    let places = columns
        .into_iter()
        .filter_map(|column| catalog.place(column));
    places.collect()
}

/// Whether the row is of a session's own objects, or of their schema, which is left when the session ends (5.9, `pg_temp_nnn`).
fn is_temporary(label: &str) -> bool {
    let is_in_own_schema = |word: &str| {
        let schema = word.split_once('.').map_or("", |(schema, _)| schema);
        schema.starts_with("pg_temp") || schema.starts_with("pg_toast_temp")
    };
    // No user can name a schema so: the prefix `pg_` is reserved.
    label.starts_with("pg_namespace pg_") || label.split(' ').any(is_in_own_schema)
}

fn print_element(element: &Value) -> String {
    match element {
        Value::String(text) => text.clone(),
        element => element.to_string(),
    }
}

fn decode_error(error: serde_json::Error) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}
