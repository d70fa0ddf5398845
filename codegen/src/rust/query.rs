//! One query: its function, its row, its parameters.
//!
//! The first pass makes a [`Plan`] of each query, so that all types are known before the first view is made in the second pass.

use super::RustTypes;
use super::arguments::Sent;
use super::bounds::Bounds;
use super::fields::{ColumnField, ParameterField, are_in_struct};
use super::names::{doc_text, identifier, pascal_case, rust_literal, snake_case, turns_text};
use super::pages::{view_pages, write_oids};

use super::rows::{RowFields, RowStruct, Sources, TableRows, collect_values};
use super::types::{Own, RustType, TypeMap};
use super::view;
use crate::query::Command;
use crate::query::Finished;
use crate::report::diagnostic::Diagnostic;
use crate::sql::lexer::tokens;
use std::collections::BTreeSet;

/// A query with the Rust types of its parameters and rows.
pub(super) struct Plan<'q> {
    pub(super) typed: &'q Finished,
    pub(super) parameters: Vec<ParameterField>,
    result: ResultShape,
    /// The structs of its rows that are those of no table.
    pub(super) structs: Vec<RowStruct>,
}

/// The form in which a caller gets a row.
enum ResultShape {
    /// There are no rows, or only their number.
    NoRows,
    /// One column is its value, without a struct around it.
    Value(Box<ColumnField>),
    /// A struct of this type.
    Row(RustType),
}

impl<'q> Plan<'q> {
    /// The types of one query, or a diagnostic for each type that has no Rust equivalent.
    pub(super) fn new(
        typed: &'q Finished,
        tables: &TableRows<'_>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (row, parameters) = both(tables.of_query(typed), tables.fields.of_parameters(typed))?;
        let RowFields {
            mut fields,
            mut structs,
        } = row;
        let result = match fields.len() {
            0 => ResultShape::NoRows,
            1 => ResultShape::Value(Box::new(fields.remove(0))),
            _ => ResultShape::Row(
                if let Some(shared) = tables.struct_of(&typed.columns, &fields) {
                    shared
                } else {
                    let own = row_struct(typed, fields);
                    let rust_type = RustType::Struct(own.name.clone());
                    structs.insert(0, own);
                    rust_type
                },
            ),
        };
        Ok(Self {
            typed,
            parameters,
            result,
            structs,
        })
    }

    /// The name of the struct that holds its parameters, if one does.
    pub(super) fn parameter_struct(&self) -> Option<String> {
        are_in_struct(self.typed).then(|| format!("{}Params", pascal_case(&self.typed.query.name)))
    }

    /// Adds the types of `types.rs` that it names.
    pub(super) fn collect_own(&self, used: &mut BTreeSet<Own>) {
        match &self.result {
            ResultShape::NoRows => {}
            ResultShape::Value(field) => field.rust_type.collect_own(used),
            ResultShape::Row(rust_type) => rust_type.collect_own(used),
        }
        let fields = self.structs.iter().flat_map(|of| &of.fields);
        fields.for_each(|field| field.rust_type.collect_own(used));
        let parameters = self.parameters.iter();
        parameters.for_each(|parameter| parameter.rust_type.collect_own(used));
    }

    /// Adds the tables whose rows it reads from values of columns.
    pub(super) fn collect_values(&self, values: &mut BTreeSet<u32>) {
        if let ResultShape::Value(field) = &self.result {
            collect_values([&**field], values);
        }
        for row in &self.structs {
            collect_values(&row.fields, values);
        }
    }

    /// The view of the query.
    pub(super) fn view(self, map: &TypeMap<'_>, bounds: &Bounds) -> view::Query {
        let typed = self.typed;
        let query = &typed.query;
        let sent = Sent::of(typed, &self.parameters, map);
        let parameter_struct = self.parameter_struct();
        let parameter_struct =
            parameter_struct.map(|name| parameter_struct_view(name, &self.parameters));
        let (call, runner) = self.call();
        view::Query {
            function: function_name(&query.name),
            doc: doc_of(typed),
            name: rust_literal(&query.name),
            sql: statement_literal(&with_name(&typed.sent(), &query.name)),
            pages: view_pages(typed, map),
            parameter_oids: write_oids(sent.oids.iter().copied(), map),
            column_oids: write_oids(column_oids(typed), map),
            column_names: column_names(typed),
            call,
            runner: runner.to_owned(),
            elements: is_numbered(typed).then(|| "rows.len()".to_owned()),
            read: self.read(),
            arguments: sent.arguments,
            parameters: signature_of(typed, self.parameters, parameter_struct.as_ref()),
            parameter_struct,
            rows: self
                .structs
                .into_iter()
                .map(view::RowStruct::from)
                .collect(),
            bound: bounds.for_query(typed),
        }
    }

    /// The type of the call, and the method of the runner that makes it.
    fn call(&self) -> (String, &'static str) {
        let has_rows = !matches!(self.result, ResultShape::NoRows);
        let (call, runner) = match self.typed.query.command {
            Command::Exec | Command::ExecRows => ("Execute", "execute"),
            Command::Batch if !has_rows => ("Execute", "execute"),
            Command::Copy => ("CopyRows", "copy"),
            Command::One => ("One", "one"),
            Command::Optional => ("Optional", "optional"),
            Command::Batch if is_numbered(self.typed) => ("ManyOfEach", "many_of_each"),
            Command::Many | Command::Batch => ("Many", "many"),
            Command::Stream => ("RowStream", "stream"),
            Command::Page => ("Pages", "pages"),
        };
        let call = match &self.result {
            ResultShape::NoRows => format!("xact::{call}<'_>"),
            ResultShape::Value(field) => format!("xact::{call}<'_, {}>", field.rust_type),
            ResultShape::Row(rust_type) => format!("xact::{call}<'_, {rust_type}>"),
        };
        (call, runner)
    }

    /// The function that reads a row, if there are rows.
    fn read(&self) -> Option<String> {
        match &self.result {
            ResultShape::NoRows => None,
            ResultShape::Value(field) => Some(match field.result() {
                Some(result) => format!("|row| {result}"),
                None => format!("|row| Ok({})", field.value()),
            }),
            ResultShape::Row(rust_type) => Some(format!("{rust_type}::read")),
        }
    }
}

/// Both values, or every diagnostic.
fn both<A, B>(
    one: Result<A, Vec<Diagnostic>>,
    other: Result<B, Vec<Diagnostic>>,
) -> Result<(A, B), Vec<Diagnostic>> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => {
            let found = one.err().into_iter().chain(other.err());
            Err(found.flatten().collect())
        }
    }
}

/// The types of its parameters and columns alone.
pub(super) fn rust_types(
    typed: &Finished,
    rows: &TableRows<'_>,
) -> Result<RustTypes, Vec<Diagnostic>> {
    let (columns, parameters) = both(rows.column_types(typed), rows.fields.of_parameters(typed))?;
    let parameters = parameters.iter();
    Ok(RustTypes {
        parameters: parameters
            .map(|field| field.rust_type.to_string())
            .collect(),
        columns,
    })
}

/// The struct of a row that is the query's alone.
fn row_struct(typed: &Finished, fields: Vec<ColumnField>) -> RowStruct {
    let query = &typed.query.name;
    RowStruct {
        doc: vec![doc_text(&format!(
            "A row of [`Orm::{}`].",
            function_name(query)
        ))],
        name: row_name(query),
        fields,
        sources: Sources::Columns,
    }
}

/// The function of a query.
pub(super) fn function_name(query: &str) -> String {
    identifier(&snake_case(query))
}

/// The struct of the rows of a query.
pub(super) fn row_name(query: &str) -> String {
    format!("{}Row", pascal_case(query))
}

fn doc_of(typed: &Finished) -> Vec<String> {
    if typed.query.docs.is_empty() {
        return vec![doc_text(&format!("The query `{}`.", typed.query.name))];
    }
    typed.query.docs.iter().map(|line| doc_text(line)).collect()
}

fn parameter_struct_view(name: String, parameters: &[ParameterField]) -> view::ParameterStruct {
    let borrows = parameters.iter().any(|field| field.rust_type.is_borrowed());
    let fields = parameters.iter().map(|field| view::Parameter {
        name: field.name.clone(),
        rust_type: field.rust_type.with_lifetime("'a"),
    });
    view::ParameterStruct {
        name,
        borrows,
        fields: fields.collect(),
    }
}

/// The parameters of the function: those of the query, or a struct of them, or a slice of such structs.
fn signature_of(
    typed: &Finished,
    parameters: Vec<ParameterField>,
    in_struct: Option<&view::ParameterStruct>,
) -> Vec<view::Parameter> {
    let Some(view::ParameterStruct { name, borrows, .. }) = in_struct else {
        let each = parameters.into_iter().map(|field| view::Parameter {
            rust_type: field.rust_type.to_string(),
            name: field.name,
        });
        return each.collect();
    };
    let of_one = format!("{name}{}", if *borrows { "<'_>" } else { "" });
    let (name, rust_type) = if typed.query.command.is_bulk() {
        ("rows", format!("&[{of_one}]"))
    } else {
        ("params", of_one)
    };
    vec![view::Parameter {
        name: name.to_owned(),
        rust_type,
    }]
}

/// The text with the name in it, for readers of `pg_stat_activity`, `pg_stat_statements` or the server's log.
///
/// It is after the first word, because Postgres 18 leaves a comment before it out of its statistics, and `pg_stat_activity`
/// cuts off the end.
pub(super) fn with_name(sql: &str, name: &str) -> String {
    let first = tokens(sql)
        .into_iter()
        .find(|token| !token.kind.is_trivia());
    let (head, tail) = sql.split_at(first.map_or(0, |token| token.range.end));
    format!("{head} /* {name} */{tail}")
}

/// Whether it gives rows for each element of a slice, with the element's number in one more column.
fn is_numbered(typed: &Finished) -> bool {
    typed.bulk.as_ref().is_some_and(|bulk| bulk.numbered)
}

/// The column of an element's number: its name, and the OID of `int4`.
const NUMBER: (&str, u32) = ("xact_element", 23);

fn column_oids(typed: &Finished) -> impl Iterator<Item = u32> {
    let columns = typed.columns.iter().map(|column| column.type_oid);
    columns.chain(is_numbered(typed).then_some(NUMBER.1))
}

/// The names of its columns as the result has them, as a Rust literal.
fn column_names(typed: &Finished) -> String {
    let labels = typed.columns.iter().map(|column| column.label.as_str());
    let labels = labels.chain(is_numbered(typed).then_some(NUMBER.0));
    rust_literal(&labels.collect::<Vec<_>>().join(", "))
}

/// A Rust literal of the statement that reads like the statement.
pub(super) fn statement_literal(sql: &str) -> String {
    // A raw string cannot hold a carriage return, and the compiler refuses text that turns.
    if sql.contains(|c: char| c == '\r' || turns_text(c)) {
        return rust_literal(sql);
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
