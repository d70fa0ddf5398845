//! Described and undescribed objects: by the annotations, or by a comment in the database.

use super::{Annotations, ColumnAnnotation};
use crate::schema::Schema;
use crate::schema::model::{Attached, Column, Name};

/// A table or view, and which of its descriptions there are.
#[derive(Clone, Debug)]
pub struct DescribedRelation<'s> {
    /// Its name.
    pub name: &'s Name,
    /// Whether the table or view itself is described.
    pub is_described: bool,
    /// All its columns, in their order.
    pub columns: Vec<&'s str>,
    /// Those of them that are not described.
    pub lacking: Vec<&'s str>,
}

impl DescribedRelation<'_> {
    /// Whether any description is missing.
    pub fn lacks_anything(&self) -> bool {
        !self.is_described || !self.lacking.is_empty()
    }
}

/// How much of a schema is described.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Tables and views with a description.
    pub tables: usize,
    /// Out of so many.
    pub of_tables: usize,
    /// Columns with a description.
    pub columns: usize,
    /// Out of so many.
    pub of_columns: usize,
}

/// Tables, then views, each by name: without partitions, which their table describes, and foreign tables.
pub fn described<'s>(schema: &'s Schema, annotations: &Annotations) -> Vec<DescribedRelation<'s>> {
    let tables = schema.tables.iter();
    let tables = tables.filter(|table| table.partition.is_none() && table.foreign.is_none());
    let tables = tables
        .map(|table| describe_relation(annotations, &table.name, &table.attached, &table.columns));
    let views = schema.views.iter();
    let views =
        views.map(|view| describe_relation(annotations, &view.name, &view.attached, &view.columns));
    tables.chain(views).collect()
}

fn describe_relation<'s>(
    annotations: &Annotations,
    name: &'s Name,
    attached: &Attached,
    columns: &'s [Column],
) -> DescribedRelation<'s> {
    let annotation = annotations.tables.get(&name.annotation_key());
    let written = annotation.and_then(|annotation| annotation.description.as_ref());
    let is_described = |column: &Column| {
        let annotation = annotation.and_then(|annotation| annotation.columns.get(&column.name));
        annotation.is_some_and(says_something) || column.attached.comment.is_some()
    };
    let names = columns.iter().map(|column| column.name.as_str());
    let lacking = columns.iter().filter(|column| !is_described(column));
    DescribedRelation {
        name,
        is_described: written.is_some() || attached.comment.is_some(),
        columns: names.collect(),
        lacking: lacking.map(|column| column.name.as_str()).collect(),
    }
}

fn says_something(annotation: &ColumnAnnotation) -> bool {
    annotation.description.is_some()
}

/// Counts the descriptions.
pub fn coverage(schema: &Schema, annotations: &Annotations) -> Coverage {
    let mut coverage = Coverage::default();
    for relation in described(schema, annotations) {
        coverage.tables += usize::from(relation.is_described);
        coverage.of_tables += 1;
        coverage.columns += relation.columns.len() - relation.lacking.len();
        coverage.of_columns += relation.columns.len();
    }
    coverage
}
