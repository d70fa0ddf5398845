//! Tables, views and columns that nobody described.

use crate::lint::context::Context;
use crate::lint::place::Place;
use crate::lint::rule::{Finding, Fix, Rule};
use crate::schema::annotations::TableAnnotation;
use crate::schema::model::{Attached, Column, Name};

pub(super) const RULE: Rule = Rule {
    id: "annotation",
    promise: "every table, view and column has a description in schema_annotations.yaml, or a comment",
    why: "Names say what a column is called, not what it means, in which unit, or what NULL stands for. \
          Descriptions become the documentation of the Rust types.",
    bad: "CREATE TABLE notes (body text);",
    good: "
CREATE TABLE notes (body text);
COMMENT ON TABLE notes IS 'What somebody wanted to remember.';
COMMENT ON COLUMN notes.body IS 'The text as it was typed, in Markdown.';",
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let tables = context.tables();
    let tables = tables.map(|table| {
        (
            &table.name,
            &table.attached,
            &table.columns,
            Place::table(table),
        )
    });
    let views = context.schema.views.iter();
    let views = views.map(|view| (&view.name, &view.attached, &view.columns, Place::view(view)));
    let findings = tables
        .chain(views)
        .filter_map(|(name, attached, columns, place)| {
            let missing = missing(context, name, attached, columns);
            (!missing.is_empty()).then(|| finding(name, &missing, place))
        });
    findings.collect()
}

/// What is not described: the table, then its columns.
fn missing(
    context: &Context<'_>,
    name: &Name,
    attached: &Attached,
    columns: &[Column],
) -> Vec<String> {
    let annotation = context.annotations.tables.get(&name.annotation_key());
    let whole = annotation.and_then(|annotation| annotation.description.as_ref());
    let is_described = whole.is_some() || attached.comment.is_some();
    let table = (!is_described).then(|| "the table".to_owned());
    let columns = columns
        .iter()
        .filter(|column| !describes(annotation, column));
    table
        .into_iter()
        .chain(columns.map(|column| format!("`{}`", column.name)))
        .collect()
}

fn describes(annotation: Option<&TableAnnotation>, column: &Column) -> bool {
    let annotation = annotation.and_then(|annotation| annotation.columns.get(&column.name));
    let description = annotation.and_then(|annotation| annotation.description.as_ref());
    description.is_some() || column.attached.comment.is_some()
}

fn finding(name: &Name, missing: &[String], place: Place) -> Finding {
    Finding {
        object: name.annotation_key(),
        message: format!("`{}` lacks descriptions: {}", name.sql, missing.join(", ")),
        place,
        fix: Fix::Advice("`cargo xact annotate` adds what is missing to schema_annotations.yaml, to be filled in".to_owned()),
    }
}
