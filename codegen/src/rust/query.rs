//! One query: its function, its row, its parameters.

use super::RustTypes;
use super::arguments::Sent;
use super::fields::{Fields, in_struct};
use super::names::{
    doc_line, identifier, literal, pascal_case, snake_case, turns_text, upper_case,
};
use super::rows::TableRows;
use super::view::{Field, Parameter, ParameterStruct, Query, RowStruct};
use crate::query::Command;
use crate::query::analysis::Typed;
use crate::report::diagnostic::Diagnostic;
use crate::sql::lexer::tokens;

/// The view of one query, or a diagnostic for each type that has no Rust equivalent.
pub(super) fn view(typed: &Typed, tables: &TableRows<'_>) -> Result<Query, Vec<Diagnostic>> {
    let fields = tables.fields;
    let (columns, parameters) = fields.of(typed)?;
    let query = &typed.query;
    let rows = Rows::of(typed, columns, tables);
    let sent = Sent::of(typed, &parameters, fields.map);
    let oids = |oids: Vec<u32>| {
        let oids: Vec<String> = oids
            .iter()
            .map(|oid| fields.map.stable_oid(*oid).to_string())
            .collect();
        format!("&[{}]", oids.join(", "))
    };
    let parameter_struct =
        in_struct(typed).then(|| parameter_struct(&query.name, parameters.as_slice()));
    Ok(Query {
        function: function(&query.name),
        constant: upper_case(&query.name),
        doc: doc(typed),
        name: literal(&query.name),
        file: literal(&query.span.file.path),
        sql: statement_literal(&with_name(typed.sent(), &query.name)),
        parameter_oids: oids(sent.oids),
        column_oids: oids(typed.columns.iter().map(|c| c.type_oid).collect()),
        column_names: names(typed),
        parameters: signature(typed, parameters, parameter_struct.as_ref()),
        parameter_struct,
        arguments: format!("{}{}", upper_case(&query.name), sent.arguments),
        call: rows.call,
        runner: rows.runner.to_owned(),
        read: rows.read,
        rows: rows.structs,
        bound: None,
    })
}

/// The types of its parameters and columns alone.
pub(super) fn rust_types(typed: &Typed, fields: Fields<'_>) -> Result<RustTypes, Vec<Diagnostic>> {
    let (columns, parameters) = fields.of(typed)?;
    let names = |fields: Vec<Field>| fields.into_iter().map(|field| field.rust_type).collect();
    Ok(RustTypes {
        parameters: names(parameters),
        columns: names(columns),
    })
}

/// What a call gives, by the command and the columns.
struct Rows {
    call: String,
    runner: &'static str,
    read: Option<String>,
    structs: Vec<RowStruct>,
}

impl Rows {
    fn of(typed: &Typed, columns: Vec<Field>, tables: &TableRows<'_>) -> Self {
        let query = &typed.query.name;
        let (mut columns, mut structs) = tables.nest(typed, columns);
        let (call, runner) = match typed.query.command {
            Command::Batch if columns.is_empty() => ("Execute", "execute"),
            Command::Copy => ("CopyRows", "copy"),
            Command::One => ("One", "one"),
            Command::Optional => ("Optional", "optional"),
            Command::Many | Command::Batch => ("Many", "many"),
            Command::Stream => ("RowStream", "stream"),
            Command::Exec => ("Execute", "execute"),
            Command::ExecRows => ("Execute", "execute"),
        };
        if columns.is_empty() {
            let call = format!("xact::{call}<'_>");
            return Self {
                call,
                runner,
                read: None,
                structs,
            };
        }
        // One column is its value; a struct around it would only be in the way.
        if columns.len() == 1 {
            let Field {
                rust_type, value, ..
            } = columns.remove(0);
            let call = format!("xact::{call}<'_, {rust_type}>");
            // `value` ends in `?` or more; a bare `row.get(0)?` is the closure's whole result.
            let read = match value.strip_suffix('?') {
                Some(get) => format!("|row| {get}"),
                None => format!("|row| Ok({value})"),
            };
            return Self {
                call,
                runner,
                read: Some(read),
                structs,
            };
        }
        let name = tables.path_of(&typed.columns, &columns).unwrap_or_else(|| {
            let name = row_name(query);
            let doc = vec![doc_line(&format!("A row of [`Orm::{}`].", function(query)))];
            let own = RowStruct {
                doc,
                name: name.clone(),
                fields: columns,
            };
            structs.insert(0, own);
            name
        });
        Self {
            call: format!("xact::{call}<'_, {name}>"),
            runner,
            read: Some(format!("{name}::read")),
            structs,
        }
    }
}

/// The function of a query.
pub(super) fn function(query: &str) -> String {
    identifier(&snake_case(query))
}

/// The struct of the rows of a query.
pub(super) fn row_name(query: &str) -> String {
    format!("{}Row", pascal_case(query))
}

fn doc(typed: &Typed) -> Vec<String> {
    if typed.query.docs.is_empty() {
        return vec![doc_line(&format!("The query `{}`.", typed.query.name))];
    }
    typed.query.docs.iter().map(|line| doc_line(line)).collect()
}

fn parameter_struct(query: &str, parameters: &[Field]) -> ParameterStruct {
    let borrows = parameters.iter().any(|field| field.rust_type.contains('&'));
    let fields = parameters.iter().map(|field| Field {
        name: field.name.clone(),
        rust_type: field.rust_type.replace('&', "&'a "),
        doc: Vec::new(),
        value: String::new(),
    });
    ParameterStruct {
        name: format!("{}Params", pascal_case(query)),
        lifetime: if borrows { "<'a>" } else { "" }.to_owned(),
        fields: fields.collect(),
    }
}

/// What the function takes: the parameters, or a struct of them, or a slice of such structs.
fn signature(
    typed: &Typed,
    parameters: Vec<Field>,
    in_struct: Option<&ParameterStruct>,
) -> Vec<Parameter> {
    let Some(ParameterStruct { name, lifetime, .. }) = in_struct else {
        let each = parameters.into_iter().map(|field| Parameter {
            name: field.name,
            rust_type: field.rust_type,
        });
        return each.collect();
    };
    let of_one = format!("{name}{}", lifetime.replace("'a", "'_"));
    let (name, rust_type) = if typed.query.command.is_bulk() {
        ("rows", format!("&[{of_one}]"))
    } else {
        ("params", of_one)
    };
    vec![Parameter {
        name: name.to_owned(),
        rust_type,
    }]
}

/// The text with the name in it, for whoever looks at `pg_stat_activity`, `pg_stat_statements` or the server's log.
///
/// It stands after the first word, for Postgres 18 leaves out of its statistics what stands before it, and `pg_stat_activity`
/// cuts off the end.
fn with_name(sql: &str, name: &str) -> String {
    let first = tokens(sql)
        .into_iter()
        .find(|token| !token.kind.is_trivia());
    let (head, tail) = sql.split_at(first.map_or(0, |token| token.range.end));
    format!("{head} /* {name} */{tail}")
}

/// The names of its columns as the result has them, as a Rust literal.
fn names(typed: &Typed) -> String {
    let labels = typed.columns.iter().map(|column| column.label.as_str());
    literal(&labels.collect::<Vec<_>>().join(", "))
}

/// A Rust literal of the statement that reads like the statement.
fn statement_literal(sql: &str) -> String {
    // A raw string cannot hold a carriage return, and the compiler refuses text that turns.
    if sql.contains(|c: char| c == '\r' || turns_text(c)) {
        return literal(sql);
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
