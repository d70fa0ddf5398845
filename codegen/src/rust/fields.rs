//! The columns and parameters of a query as fields: name, Rust type, documentation, and how each is read or passed.

use super::names::{Unique, doc_line};
use super::types::{RustType, TypeMap, Unmapped, optional};
use super::view::Field;
use crate::query::analysis::{Typed, TypedColumn};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use crate::schema::annotations::{Annotations, ColumnAnnotation};
use crate::schema::{ColumnId, Schema};
use std::collections::HashMap;

/// What the annotations say of each column.
pub(super) struct Descriptions<'a> {
    columns: HashMap<ColumnId, &'a ColumnAnnotation>,
}

impl<'a> Descriptions<'a> {
    pub(super) fn new(schema: &Schema, annotations: &'a Annotations) -> Self {
        let mut columns = HashMap::new();
        for table in &schema.tables {
            let Some(annotated) = annotations.tables.get(&table.name.annotation_key()) else {
                continue;
            };
            for column in &table.columns {
                if let Some(annotation) = annotated.columns.get(&column.name) {
                    columns.insert((table.oid.0, column.number.0), annotation);
                }
            }
        }
        Self { columns }
    }

    pub(super) fn of(&self, origin: Option<ColumnId>) -> Option<&'a ColumnAnnotation> {
        self.columns.get(&origin?).copied()
    }
}

/// More parameters than this travel in a struct: nobody can tell eight positions apart.
const MOST_PARAMETERS: usize = 5;

/// Whether the parameters of a query travel in a struct: many do, and those of each row of a slice.
pub(super) fn in_struct(typed: &Typed) -> bool {
    typed.parameters.len() > MOST_PARAMETERS || typed.query.command.is_bulk()
}

/// The expression that passes a parameter on.
fn value(typed: &Typed, name: &str, rust_type: &RustType, nullable: bool) -> String {
    // What is no reference cannot be moved out of an element of a slice.
    let place = match (typed.query.command.is_bulk(), rust_type.name.contains('&')) {
        (true, true) => "row.",
        (true, false) => "&row.",
        (false, _) if in_struct(typed) => "params.",
        (false, _) => "",
    };
    match (rust_type.json, nullable) {
        (false, _) => format!("{place}{name}"),
        (true, false) => format!("xact::types::Json({place}{name})"),
        (true, true) => format!("{place}{name}.map(xact::types::Json)"),
    }
}

/// What every field is made of.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) map: &'a TypeMap<'a>,
    pub(super) descriptions: &'a Descriptions<'a>,
}

impl Fields<'_> {
    /// The columns and the parameters of a query.
    pub(super) fn of(&self, typed: &Typed) -> Result<(Vec<Field>, Vec<Field>), Vec<Diagnostic>> {
        match (self.of_columns(typed), self.of_parameters(typed)) {
            (Ok(columns), Ok(parameters)) => Ok((columns, parameters)),
            (columns, parameters) => {
                let found = columns.err().into_iter().chain(parameters.err());
                Err(found.flatten().collect())
            }
        }
    }

    fn of_columns(&self, typed: &Typed) -> Result<Vec<Field>, Vec<Diagnostic>> {
        if !typed.query.command.gives_rows() {
            return Ok(Vec::new());
        }
        let mut names = Unique::default();
        let names = names.identifiers(typed.columns.iter().map(|column| column.name.as_str()));
        let columns = typed.columns.iter().zip(names).enumerate();
        all(columns.map(|(index, (column, name))| {
            refuse_other_than_type(typed, column)?;
            self.of_column(name, index, column)
                .map_err(|unmapped| unmapped_column(typed, column, unmapped))
        }))
    }

    /// One column of a row, at `index`.
    pub(super) fn of_column(
        &self,
        name: String,
        index: usize,
        column: &TypedColumn,
    ) -> Result<Field, Unmapped> {
        let annotation = self.descriptions.of(column.origin);
        let rust_type = self.map.column(column, annotation)?;
        let description = annotation.and_then(|a| a.description.as_deref());
        let read = if rust_type.json {
            let json = format!("xact::types::Json<{}>", rust_type.name);
            let wrapped = optional(json, column.nullable);
            let unwrap = if column.nullable {
                ".map(|json| json.0)"
            } else {
                ".0"
            };
            format!("row.get::<{wrapped}>({index})?{unwrap}")
        } else if rust_type.declared {
            let named = optional(rust_type.name.clone(), column.nullable);
            format!("xact::read_column!(row, {index}, {named})?")
        } else {
            format!("row.get({index})?")
        };
        Ok(Field {
            name,
            rust_type: optional(rust_type.name, column.nullable),
            doc: description.map(doc_lines).unwrap_or_default(),
            value: read,
        })
    }

    fn of_parameters(&self, typed: &Typed) -> Result<Vec<Field>, Vec<Diagnostic>> {
        let mut names = Unique::default();
        let parameters = typed.parameters.iter().zip(&typed.query.parameters);
        all(parameters.map(|(parameter, written)| {
            let name = names.identifier(&parameter.name);
            let annotation = self.descriptions.of(parameter.origin);
            match self.map.parameter(parameter, annotation) {
                Ok(rust_type) => Ok(Field {
                    value: value(typed, &name, &rust_type, parameter.nullable),
                    name,
                    rust_type: optional(rust_type.name, parameter.nullable),
                    doc: Vec::new(),
                }),
                Err(unmapped) => {
                    let subject = format!("parameter `{}` has", parameter.name);
                    let sql_name = &unmapped.sql_name;
                    let instead = &unmapped.instead;
                    let help = format!(
                        "pass it as {instead}: `{}::{instead}::{sql_name}`",
                        written.span.text()
                    );
                    let unmapped = Unmapped { help, ..unmapped };
                    Err(no_mapping(written.span.clone(), &subject, unmapped))
                }
            }
        }))
    }
}

/// All of them, or everything that is wrong.
fn all<T>(each: impl Iterator<Item = Result<T, Diagnostic>>) -> Result<Vec<T>, Vec<Diagnostic>> {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for one in each {
        match one {
            Ok(one) => good.push(one),
            Err(diagnostic) => bad.push(diagnostic),
        }
    }
    if bad.is_empty() { Ok(good) } else { Err(bad) }
}

/// A description as lines of documentation.
pub(super) fn doc_lines(description: &str) -> Vec<String> {
    description
        .trim()
        .lines()
        .map(|line| doc_line(line.trim()))
        .collect()
}

/// An alias may name a Rust type, which has to be one.
fn refuse_other_than_type(typed: &Typed, column: &TypedColumn) -> Result<(), Diagnostic> {
    let Some(rust_type) = &column.rust_type else {
        return Ok(());
    };
    if syn::parse_str::<syn::Type>(rust_type).is_ok() {
        return Ok(());
    }
    let alias = typed.query.span.find_token(|_, text| {
        text.starts_with('"') && text.trim_end_matches('"').ends_with(rust_type.as_str())
    });
    let span = alias.unwrap_or_else(|| typed.query.name_span.clone());
    let message = format!("`{rust_type}` is not a Rust type");
    let help = format!(
        "write the path of a type: `AS \"{}: crate::Money\"`",
        column.name
    );
    Err(Diagnostic::error("invalid-rust-type", span, message).help(help))
}

fn unmapped_column(typed: &Typed, column: &TypedColumn, unmapped: Unmapped) -> Diagnostic {
    let span = mention(&typed.query.span, &column.name);
    let subject = format!("column `{}` has", column.name);
    no_mapping(
        span.unwrap_or_else(|| typed.query.name_span.clone()),
        &subject,
        unmapped,
    )
}

/// The token of a statement that is this name.
fn mention(statement: &Span, name: &str) -> Option<Span> {
    statement.find_token(|_, text| {
        let word = text.trim_matches('"').trim_end_matches(['!', '?']);
        word.eq_ignore_ascii_case(name)
    })
}

fn no_mapping(span: Span, subject: &str, unmapped: Unmapped) -> Diagnostic {
    let Unmapped { sql_name, help, .. } = unmapped;
    let message = format!("{subject} type `{sql_name}`, which has no Rust equivalent");
    Diagnostic::error("unmapped-type", span, message).help(help)
}
