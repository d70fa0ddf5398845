//! Every key of the annotations must name something that exists.

use std::collections::BTreeMap;

use super::{AnnotationLocation, Annotations};
use crate::report::diagnostic::nearest;
use crate::schema::model::{Column, Schema};

/// A table or column that the annotations mention and the schema does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKey {
    /// The table, as the annotations spell it.
    pub table: String,
    /// The column, when the table exists and the column does not.
    pub column: Option<String>,
    /// The existing name nearest to it, if one is near.
    pub nearest: Option<String>,
    /// The location of the key in the file.
    pub place: AnnotationLocation,
}

/// Names every key of `annotations` that `schema` does not have, in the order of the file.
pub fn unknown_keys(annotations: &Annotations, schema: &Schema) -> Vec<UnknownKey> {
    let tables = schema
        .tables
        .iter()
        .map(|table| (table.name.annotation_key(), &table.columns));
    let views = schema
        .views
        .iter()
        .map(|view| (view.name.annotation_key(), &view.columns));
    let relations: BTreeMap<String, &Vec<Column>> = tables.chain(views).collect();
    let mut unknown = Vec::new();
    for (table, annotation) in &annotations.tables {
        let Some(columns) = relations.get(table) else {
            let nearest = nearest(table, relations.keys().map(String::as_str)).map(str::to_owned);
            unknown.push(UnknownKey {
                table: table.clone(),
                column: None,
                nearest,
                place: annotation.place,
            });
            continue;
        };
        for (column, annotation) in &annotation.columns {
            let mut names = columns.iter().map(|column| column.name.as_str());
            if !names.clone().any(|name| name == column) {
                let nearest = nearest(column, names.by_ref()).map(str::to_owned);
                let (table, column) = (table.clone(), Some(column.clone()));
                unknown.push(UnknownKey {
                    table,
                    column,
                    nearest,
                    place: annotation.place,
                });
            }
        }
    }
    unknown.sort_by_key(|key| key.place);
    unknown
}
