//! One query: its function, its row, its parameters.

use super::RustTypes;
use super::names::{Unique, doc_line, identifier, pascal_case, snake_case, upper_case};
use super::types::{Elements, TypeMap, Unmapped};
use super::view::{Field, Parameter, ParameterStruct, Query, RowStruct};
use crate::diagnostic::Diagnostic;
use crate::query::analysis::{Typed, TypedColumn};
use crate::query::{Command, lexer};
use crate::schema::Schema;
use crate::schema::annotations::{Annotations, ColumnAnnotation};
use crate::source::Span;
use std::collections::HashMap;

/// More parameters than this travel in a struct: nobody can tell eight positions apart.
const MOST_PARAMETERS: usize = 5;

/// What the annotations say of each column, by table OID and column number.
pub(super) struct Descriptions<'a> {
    columns: HashMap<(u32, i16), &'a ColumnAnnotation>,
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

    fn of(&self, column: &TypedColumn) -> Option<&'a ColumnAnnotation> {
        self.columns.get(&column.origin?).copied()
    }
}

/// The view of one query, or a diagnostic for each type that has no Rust equivalent.
pub(super) fn view(
    typed: &Typed,
    map: &TypeMap<'_>,
    descriptions: &Descriptions<'_>,
) -> Result<Query, Vec<Diagnostic>> {
    let (fields, parameters) = fields_and_parameters(typed, map, descriptions)?;
    let query = &typed.query;
    let rows = Rows::of(query.command, &query.name, fields);
    let oids = |oids: Vec<u32>| {
        let oids: Vec<String> = oids
            .iter()
            .map(|oid| map.stable_oid(*oid).to_string())
            .collect();
        format!("&[{}]", oids.join(", "))
    };
    Ok(Query {
        function: identifier(&snake_case(&query.name)),
        constant: upper_case(&query.name),
        doc: doc(typed),
        name: query.name.clone(),
        file: query.span.file.path.clone(),
        sql: literal(&query.sql.text),
        parameter_oids: oids(typed.parameters.iter().map(|p| p.type_oid).collect()),
        column_oids: oids(typed.columns.iter().map(|c| c.type_oid).collect()),
        parameter_struct: parameter_struct(&query.name, &parameters),
        parameters: values(parameters),
        call: rows.call,
        runner: rows.runner.to_owned(),
        read: rows.read,
        row: rows.row,
        bound: None,
    })
}

/// The types of its parameters and columns alone.
pub(super) fn rust_types(
    typed: &Typed,
    map: &TypeMap<'_>,
    descriptions: &Descriptions<'_>,
) -> Result<RustTypes, Vec<Diagnostic>> {
    let (columns, parameters) = fields_and_parameters(typed, map, descriptions)?;
    let names = |fields: Vec<Field>| fields.into_iter().map(|field| field.rust_type).collect();
    Ok(RustTypes {
        parameters: names(parameters),
        columns: names(columns),
    })
}

fn fields_and_parameters(
    typed: &Typed,
    map: &TypeMap<'_>,
    descriptions: &Descriptions<'_>,
) -> Result<(Vec<Field>, Vec<Field>), Vec<Diagnostic>> {
    let fields = fields(typed, map, descriptions);
    let parameters = parameters(typed, map);
    match (fields, parameters) {
        (Ok(fields), Ok(parameters)) => Ok((fields, parameters)),
        (fields, parameters) => {
            let found = fields.err().into_iter().chain(parameters.err());
            Err(found.flatten().collect())
        }
    }
}

/// What a call gives, by the command and the columns.
struct Rows {
    call: String,
    runner: &'static str,
    read: Option<String>,
    row: Option<RowStruct>,
}

impl Rows {
    fn of(command: Command, name: &str, mut fields: Vec<Field>) -> Self {
        let (call, runner) = match command {
            Command::One => ("One", "one"),
            Command::Optional => ("Optional", "optional"),
            Command::Many => ("Many", "many"),
            Command::Exec => ("Execute", "execute"),
            Command::ExecRows => ("ExecuteRows", "execute_rows"),
        };
        if !command.returns_rows() {
            let call = format!("xact::{call}<'_>");
            return Self {
                call,
                runner,
                read: None,
                row: None,
            };
        }
        // One column is its value; a struct around it would only be in the way.
        if fields.len() == 1 {
            let Field {
                rust_type, read, ..
            } = fields.remove(0);
            let call = format!("xact::{call}<'_, {rust_type}>");
            // `read` ends in `?` or more; a bare `row.get(0)?` is the closure's whole result.
            let read = match read.strip_suffix('?') {
                Some(get) => format!("|row| {get}"),
                None => format!("|row| Ok({read})"),
            };
            return Self {
                call,
                runner,
                read: Some(read),
                row: None,
            };
        }
        let name = format!("{}Row", pascal_case(name));
        Self {
            call: format!("xact::{call}<'_, {name}>"),
            runner,
            read: Some(format!("{name}::read")),
            row: Some(RowStruct { name, fields }),
        }
    }
}

fn doc(typed: &Typed) -> Vec<String> {
    if typed.query.docs.is_empty() {
        return vec![doc_line(&format!("The query `{}`.", typed.query.name))];
    }
    typed.query.docs.iter().map(|line| doc_line(line)).collect()
}

fn fields(
    typed: &Typed,
    map: &TypeMap<'_>,
    descriptions: &Descriptions<'_>,
) -> Result<Vec<Field>, Vec<Diagnostic>> {
    if !typed.query.command.returns_rows() {
        return Ok(Vec::new());
    }
    let mut names = Unique::default();
    let mut diagnostics = Vec::new();
    let mut fields = Vec::new();
    for (index, column) in typed.columns.iter().enumerate() {
        let annotation = descriptions.of(column);
        match column_type(column, map) {
            Ok(value) => {
                let name = names.name(&identifier(&column.name));
                fields.push(field(name, value, index, column.nullable, annotation));
            }
            Err(unmapped) => diagnostics.push(unmapped_column(typed, column, unmapped)),
        }
    }
    if diagnostics.is_empty() {
        Ok(fields)
    } else {
        Err(diagnostics)
    }
}

/// The type that the alias names, `AS "total: crate::Money"`, or the one that the column's is.
/// `_` leaves it to the tool.
fn column_type(column: &TypedColumn, map: &TypeMap<'_>) -> Result<String, Unmapped> {
    let elements = if column.elements_nullable {
        Elements::Options
    } else {
        Elements::Values
    };
    match (&column.rust_type, &column.record) {
        (Some(declared), _) if declared != "_" => Ok(declared.clone()),
        (_, Some(fields)) => map.record(column.type_oid, fields, elements),
        _ => map.column(column.type_oid, elements),
    }
}

fn field(
    name: String,
    value: String,
    index: usize,
    nullable: bool,
    annotation: Option<&ColumnAnnotation>,
) -> Field {
    let optional = |rust_type: String| {
        if nullable {
            format!("Option<{rust_type}>")
        } else {
            rust_type
        }
    };
    let description = annotation.and_then(|a| a.description.as_deref());
    let doc = description.map(doc_lines).unwrap_or_default();
    let json = (value == "xact::types::JsonValue")
        .then_some(annotation)
        .flatten();
    let Some(inner) = json.and_then(|annotation| annotation.rust_type.clone()) else {
        let read = format!("row.get({index})?");
        return Field {
            name,
            rust_type: optional(value),
            doc,
            read,
        };
    };
    let wrapped = optional(format!("xact::types::Json<{inner}>"));
    let unwrap = if nullable {
        ".map(|json| json.0)"
    } else {
        ".0"
    };
    let read = format!("row.get::<{wrapped}>({index})?{unwrap}");
    Field {
        name,
        rust_type: optional(inner),
        doc,
        read,
    }
}

fn doc_lines(description: &str) -> Vec<String> {
    description
        .trim()
        .lines()
        .map(|line| doc_line(line.trim()))
        .collect()
}

fn parameters(typed: &Typed, map: &TypeMap<'_>) -> Result<Vec<Field>, Vec<Diagnostic>> {
    let mut names = Unique::default();
    let mut diagnostics = Vec::new();
    let mut fields = Vec::new();
    for (parameter, written) in typed.parameters.iter().zip(&typed.query.parameters) {
        match map.parameter(parameter.type_oid) {
            Ok(value) => fields.push(Field {
                name: names.name(&identifier(&parameter.name)),
                rust_type: if parameter.nullable {
                    format!("Option<{value}>")
                } else {
                    value
                },
                doc: Vec::new(),
                read: String::new(),
            }),
            Err(unmapped) => {
                let message = format!("parameter `{}` has", parameter.name);
                let help = format!(
                    "pass it as text: `{}::text::{}`",
                    written.span.text(),
                    unmapped.sql_name
                );
                let unmapped = Unmapped { help, ..unmapped };
                diagnostics.push(no_mapping(written.span.clone(), &message, unmapped));
            }
        }
    }
    if diagnostics.is_empty() {
        Ok(fields)
    } else {
        Err(diagnostics)
    }
}

fn parameter_struct(query: &str, parameters: &[Field]) -> Option<ParameterStruct> {
    if parameters.len() <= MOST_PARAMETERS {
        return None;
    }
    let borrows = parameters.iter().any(|field| field.rust_type.contains('&'));
    let fields = parameters.iter().map(|field| Field {
        name: field.name.clone(),
        rust_type: field.rust_type.replace('&', "&'a "),
        doc: Vec::new(),
        read: String::new(),
    });
    Some(ParameterStruct {
        name: format!("{}Params", pascal_case(query)),
        lifetime: if borrows { "<'a>" } else { "" }.to_owned(),
        elided: if borrows { "<'_>" } else { "" }.to_owned(),
        fields: fields.collect(),
    })
}

fn values(parameters: Vec<Field>) -> Vec<Parameter> {
    let in_struct = parameters.len() > MOST_PARAMETERS;
    let value = |field: Field| Parameter {
        value: if in_struct {
            format!("params.{}", field.name)
        } else {
            field.name.clone()
        },
        name: field.name,
        rust_type: field.rust_type,
    };
    parameters.into_iter().map(value).collect()
}

/// A Rust literal of the statement that reads like the statement.
fn literal(sql: &str) -> String {
    // A raw string cannot hold a carriage return.
    if sql.contains('\r') {
        return format!("{sql:?}");
    }
    let mut fence = String::new();
    while sql.contains(&format!("\"{fence}")) {
        fence.push('#');
    }
    if fence.is_empty() && !sql.contains('\\') {
        return format!("\"{sql}\"");
    }
    format!("r{fence}\"{sql}\"{fence}")
}

fn unmapped_column(typed: &Typed, column: &TypedColumn, unmapped: Unmapped) -> Diagnostic {
    let span = mention(&typed.query.span, &column.name);
    let message = format!("column `{}` has", column.name);
    no_mapping(
        span.unwrap_or_else(|| typed.query.name_span.clone()),
        &message,
        unmapped,
    )
}

/// The token of a statement that is this name.
fn mention(statement: &Span, name: &str) -> Option<Span> {
    lexer::find(statement, |_, text| {
        let word = text.trim_matches('"').trim_end_matches(['!', '?']);
        word.eq_ignore_ascii_case(name)
    })
}

fn no_mapping(span: Span, subject: &str, unmapped: Unmapped) -> Diagnostic {
    let Unmapped { sql_name, help } = unmapped;
    let message = format!("{subject} type `{sql_name}`, which has no Rust equivalent");
    Diagnostic::error("unmapped-type", span, message).help(help)
}
