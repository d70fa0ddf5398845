//! The columns and parameters of a query as fields: name, Rust type, documentation, and how each is read or passed.

use super::names::{Unique, doc_text};
use super::row_lists::join_row_lists;
use super::types::{RustType, Sending, TypeMap, Unmapped};
use super::unmapped::no_mapping;
use super::visible_types::{find_invisible, write_help};
use crate::project::Project;
use crate::query::analysis::{Typed, TypedColumn, TypedParameter};
use crate::query::{Finished, Parameter, RowPart};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use crate::schema::annotations::{Annotations, ColumnAnnotation};
use crate::schema::{ColumnId, Schema};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// The annotation of each column, and its comment in the database.
pub(super) struct Descriptions<'a> {
    columns: HashMap<ColumnId, &'a ColumnAnnotation>,
    comments: HashMap<ColumnId, &'a str>,
}

impl<'a> Descriptions<'a> {
    pub(super) fn new(schema: &'a Schema, annotations: &'a Annotations) -> Self {
        let (mut columns, mut comments) = (HashMap::new(), HashMap::new());
        for table in &schema.tables {
            for column in &table.columns {
                if let Some(comment) = &column.attached.comment {
                    comments.insert((table.oid.0, column.number.0), comment.as_str());
                }
            }
            let Some(annotated) = annotations.tables.get(&table.name.annotation_key()) else {
                continue;
            };
            for column in &table.columns {
                if let Some(annotation) = annotated.columns.get(&column.name) {
                    columns.insert((table.oid.0, column.number.0), annotation);
                }
            }
        }
        Self { columns, comments }
    }

    /// The documentation of a column: its description, or else its COMMENT ON.
    pub(super) fn find_text(&self, origin: Option<ColumnId>) -> Option<&'a str> {
        let described = self
            .of(origin)
            .and_then(|found| found.description.as_deref());
        described.or_else(|| self.comments.get(&origin?).copied())
    }

    pub(super) fn of(&self, origin: Option<ColumnId>) -> Option<&'a ColumnAnnotation> {
        self.columns.get(&origin?).copied()
    }
}

/// A column of a row, or a row in it, as a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ColumnField {
    pub(super) name: String,
    pub(super) rust_type: RustType,
    /// Its documentation, by lines.
    pub(super) doc: Vec<String>,
    pub(super) read: FieldRead,
    /// Whether its column is tagged as a secret, which neither `Debug` nor serde writes.
    pub(super) secret: bool,
    /// Its attributes in the struct of a row, without `#[…]`.
    pub(super) attributes: Vec<String>,
}

/// How a field is read from a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FieldRead {
    /// By the runtime's `FromSql`, at this position.
    Get(usize),
    /// By `FromSql` or sqlx's `Decode`, because the type is one of the project.
    Decode(usize),
    /// As JSON, of which the type is this.
    Json {
        index: usize,
        json: RustType,
        nullable: bool,
    },
    /// As a row of its own, by the `read` of this struct.
    Part {
        columns: Range<usize>,
        path: String,
        optional: bool,
    },
}

impl ColumnField {
    /// Whether it borrows from the message that its row arrived in.
    pub(super) fn is_borrowed(&self) -> bool {
        self.rust_type.is_borrowed()
    }

    /// The expression of its value, as a `Result`, if there is one.
    pub(super) fn result(&self) -> Option<String> {
        match &self.read {
            FieldRead::Get(index) => Some(format!("row.get({index})")),
            FieldRead::Decode(index) => {
                let rust_type = self.rust_type.as_field();
                Some(format!(
                    "xact::generated::read_column!(row, {index}, {rust_type})"
                ))
            }
            FieldRead::Json { .. } | FieldRead::Part { .. } => None,
        }
    }

    /// The expression that reads it as the next field of an anonymous row, and returns early if it cannot be read.
    pub(super) fn part(&self) -> String {
        match &self.read {
            FieldRead::Json { json, nullable, .. } => {
                let wrapped = format!("xact::types::Json<{json}>");
                if *nullable {
                    format!("fields.field::<Option<{wrapped}>>()?.map(|json| json.0)")
                } else {
                    format!("fields.field::<{wrapped}>()?.0")
                }
            }
            FieldRead::Get(_) | FieldRead::Decode(_) | FieldRead::Part { .. } => {
                "fields.field()?".to_owned()
            }
        }
    }

    /// The expression of its value, which returns early if it cannot be read.
    pub(super) fn value(&self) -> String {
        match &self.read {
            FieldRead::Get(_) | FieldRead::Decode(_) => self.result().unwrap_or_default() + "?",
            FieldRead::Json {
                index,
                json,
                nullable,
            } => {
                let wrapped = format!("xact::types::Json<{json}>");
                if *nullable {
                    format!("row.get::<Option<{wrapped}>>({index})?.map(|json| json.0)")
                } else {
                    format!("row.get::<{wrapped}>({index})?.0")
                }
            }
            FieldRead::Part {
                columns,
                path,
                optional,
            } => {
                let part = format!("row.part({columns:?})");
                if *optional {
                    format!("{part}.optional({path}::read)?")
                } else {
                    format!("{path}::read(&{part})?")
                }
            }
        }
    }
}

/// The tag of a column whose values are printed nowhere.
const SECRET: &str = "secret";

fn is_secret(annotation: &ColumnAnnotation) -> bool {
    annotation.tags.iter().any(|tag| tag == SECRET)
}

/// A parameter of a query.
#[derive(Clone, Debug)]
pub(super) struct ParameterField {
    pub(super) name: String,
    /// As the function takes it.
    pub(super) rust_type: RustType,
    /// The expression that passes it on.
    pub(super) value: String,
    /// Whether it is assigned to a column that is tagged as a secret, or compared with one.
    pub(super) secret: bool,
    /// Its attributes in the struct of the parameters, without `#[…]`.
    pub(super) attributes: Vec<String>,
    /// Which column it is, if it is one of a list of rows; the fields of all columns have the type of the list.
    pub(super) part: Option<RowPart>,
    /// How its own values are given to sqlx if it is such a column.
    pub(super) part_sending: Sending,
}

/// More parameters than this travel in a struct, because positions are easily confused: clippy warns of functions with more
/// than seven arguments, of which the connection is one here.
const MOST_PARAMETERS: usize = 5;

/// Whether the parameters of a query travel in a struct: many do, those of each row of a slice, and those that can be left out.
pub(super) fn are_in_struct(typed: &Typed) -> bool {
    typed.query.shape.is_some()
        || typed.parameters.len() > MOST_PARAMETERS
        || typed.query.command.is_bulk()
}

/// Whether a parameter switches the parts that it is in.
pub(super) fn is_switch(typed: &Typed, parameter: &Parameter) -> bool {
    let shape = typed.query.shape.as_ref();
    shape.is_some_and(|shape| shape.find_switch(parameter).is_some())
}

/// The expression that passes a parameter on.
fn value_of_parameter(typed: &Typed, name: &str, passed: &RustType, is_json: bool) -> String {
    // An owned value cannot be moved out of an element of a slice.
    let place = match (typed.query.command.is_bulk(), passed.is_borrowed()) {
        (true, true) => "row.",
        (true, false) => "&row.",
        (false, _) if are_in_struct(typed) => "params.",
        (false, _) => "",
    };
    match (is_json, passed) {
        (false, RustType::Patch(_)) => format!("{place}{name}.into_value()"),
        (true, RustType::Patch(_)) => {
            format!("{place}{name}.into_value().map(xact::types::Json)")
        }
        (false, _) => format!("{place}{name}"),
        (true, RustType::Option(_)) => format!("{place}{name}.map(xact::types::Json)"),
        (true, _) => format!("xact::types::Json({place}{name})"),
    }
}

/// The types and descriptions that every field is made of.
#[derive(Clone, Copy)]
pub(super) struct FieldSources<'a> {
    pub(super) map: &'a TypeMap<'a>,
    pub(super) descriptions: &'a Descriptions<'a>,
}

impl FieldSources<'_> {
    /// One column of a row, at `index`.
    pub(super) fn of_column(
        &self,
        name: String,
        index: usize,
        column: &TypedColumn,
    ) -> Result<ColumnField, Unmapped> {
        let annotation = self.descriptions.of(column.origin);
        let rust_type = self.map.of_column(column, annotation)?;
        let description = self.descriptions.find_text(column.origin);
        let read = match &rust_type {
            RustType::Json(_) => FieldRead::Json {
                index,
                json: rust_type.clone(),
                nullable: column.nullable,
            },
            found if found.is_decode_only() => FieldRead::Decode(index),
            _ => FieldRead::Get(index),
        };
        Ok(ColumnField {
            name,
            rust_type: rust_type.or_null(column.nullable),
            doc: description.map(doc_lines).unwrap_or_default(),
            read,
            secret: annotation.is_some_and(is_secret),
            attributes: Vec::new(),
        })
    }

    fn find_parameter_type(
        &self,
        typed: &Typed,
        parameter: &TypedParameter,
        annotation: Option<&ColumnAnnotation>,
    ) -> Result<RustType, Unmapped> {
        let rust_type = self.map.of_parameter(parameter, annotation)?;
        if typed.query.command.is_bulk() && !rust_type.is_declared() {
            self.map.refuse_in_slice(parameter.type_oid)?;
        }
        Ok(rust_type)
    }

    /// The parameters of a query.
    pub(super) fn of_parameters(
        &self,
        typed: &Typed,
    ) -> Result<Vec<ParameterField>, Vec<Diagnostic>> {
        let mut names = Unique::default();
        let parameters = typed.parameters.iter().zip(&typed.query.parameters);
        let fields = collect_all(parameters.map(|(parameter, written)| {
            let name = names.identifier(&parameter.name);
            let annotation = self.descriptions.of(parameter.origin);
            let mut met = parameter.met.iter();
            let secret =
                met.any(|column| self.descriptions.of(Some(*column)).is_some_and(is_secret));
            let rust_type = self.find_parameter_type(typed, parameter, annotation);
            match rust_type {
                Ok(rust_type) => {
                    let passed = rust_type.as_parameter().or_null(parameter.nullable);
                    let passed = if is_switch(typed, written) {
                        passed.or_left_out()
                    } else {
                        passed
                    };
                    let is_json = matches!(rust_type, RustType::Json(_));
                    Ok(ParameterField {
                        value: value_of_parameter(typed, &name, &passed, is_json),
                        rust_type: passed,
                        name,
                        secret,
                        attributes: Vec::new(),
                        part: written.part,
                        part_sending: rust_type.sending(),
                    })
                }
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
        }));
        fields.map(|fields| join_row_lists(typed, fields))
    }
}

/// All values, or every diagnostic.
fn collect_all<T>(
    each: impl Iterator<Item = Result<T, Diagnostic>>,
) -> Result<Vec<T>, Vec<Diagnostic>> {
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
        .map(|line| doc_text(line.trim()))
        .collect()
}

/// An alias may name a Rust type, which has to be one.
pub(super) fn refuse_other_than_type(
    typed: &Typed,
    column: &TypedColumn,
) -> Result<(), Diagnostic> {
    let Some(rust_type) = &column.rust_type else {
        return Ok(());
    };
    if syn::parse_str::<syn::Type>(rust_type).is_ok() {
        return Ok(());
    }
    let span = find_alias(typed, rust_type);
    let message = format!("`{rust_type}` is not a Rust type");
    let help = format!(
        "write the path of a type: `AS \"{}: crate::Money\"`",
        column.name
    );
    Err(Diagnostic::error("invalid-rust-type", span, message).help(help))
}

/// The alias that names a Rust type.
fn find_alias(typed: &Typed, rust_type: &str) -> Span {
    let alias = typed.query.span.find_token(|_, text| {
        text.starts_with('"') && text.trim_end_matches('"').ends_with(rust_type)
    });
    alias.unwrap_or_else(|| typed.query.name_span.clone())
}

/// Aliases with a type that the generated module does not see, where sqlx's macros stand in a module that imports it.
pub(super) fn find_invisible_types(
    project: &Project,
    queries: &[Arc<Finished>],
) -> Vec<Diagnostic> {
    let columns = queries.iter().flat_map(|query| {
        let columns = query.columns.iter();
        columns.map(move |column| (query, column))
    });
    let found = columns.filter_map(|(query, column)| {
        let rust_type = column
            .rust_type
            .as_ref()
            .filter(|_| query.query.command.gives_rows())?;
        let name = find_invisible(rust_type)?;
        let message = format!("`{name}` is not in scope of the generated module");
        let span = find_alias(query, rust_type);
        let diagnostic = Diagnostic::error("invalid-rust-type", span, message);
        Some(diagnostic.help(write_help(&project.root, &name)))
    });
    found.collect()
}
