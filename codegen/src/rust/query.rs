//! One query: its function, its row, its parameters.
//!
//! The first pass makes a [`TypedQuery`] of each query, so that all types are known before the first view is made in the second pass.

use super::arguments::SentArguments;
use super::bounds::Bounds;
use super::extras::TypeExtras;
use super::fields::{ColumnField, ParameterField, are_in_struct};
use super::names::{doc_text, identifier, pascal_case, rust_literal, snake_case};
use super::pages::{added_oids, view_pages, view_shaped_pages, write_oids};
use super::rows::{Opaque, RowFields, RowStruct, TableRows, check_borrowed_rows, collect_values};
use super::schemas::FieldOwner;
use super::shared_columns::{SharedColumns, WrittenColumns};
use super::statement_text::{whole_statement_literal, with_name};
use super::types::{Own, RustType, TYPES_PATH, TypeMap};
use super::value_types::join_results;
use super::violations::find_violations;
use super::{shaped, view};
use crate::query::{Command, Finished, RowDirectives};
use crate::report::diagnostic::Diagnostic;
use std::collections::BTreeSet;

/// A query with the Rust types of its parameters and rows.
pub(super) struct TypedQuery<'q> {
    pub(super) typed: &'q Finished,
    pub(super) parameters: Vec<ParameterField>,
    result: ResultShape,
    /// Whether its rows borrow from the messages that they arrive in.
    is_borrowed: bool,
    /// The structs of its rows that are those of no table.
    pub(super) structs: Vec<RowStruct>,
    /// Those that have a name of their own, which other queries may share.
    pub(super) shared: Vec<RowStruct>,
    /// The derives and attributes of the struct of its parameters.
    extras: TypeExtras,
    /// The constraints that it can violate, in the order of the schema.
    violations: Option<view::Violations>,
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

impl<'q> TypedQuery<'q> {
    /// The types of one query, or a diagnostic for each type that has no Rust equivalent.
    pub(super) fn new(
        typed: &'q Finished,
        tables: &TableRows<'_>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (row, parameters) =
            join_results(tables.of_query(typed), tables.fields.of_parameters(typed))?;
        let RowFields {
            mut fields,
            mut structs,
        } = row;
        let is_named = RowDirectives::of(&typed.query).name.is_some();
        let mut diagnostics = Vec::from_iter(check_borrowed_rows(typed, &fields));
        let is_borrowed = fields.iter().any(ColumnField::is_borrowed);
        let result = match fields.len() {
            0 => ResultShape::NoRows,
            1 => ResultShape::Value(Box::new(fields.remove(0))),
            _ => {
                let shared = tables.struct_of(&typed.columns, &fields);
                // A name that the query gives its rows is kept, also where the struct of the table
                // would do.
                ResultShape::Row(if let Some(shared) = shared.filter(|_| !is_named) {
                    shared
                } else {
                    let (own, rust_type) = tables.row_struct(typed, fields);
                    structs.insert(0, own);
                    rust_type
                })
            }
        };
        diagnostics.extend(tables.check_row_directives(typed, &structs));
        for row in &mut structs {
            let opaque = tables.add_attributes(row).into_iter();
            diagnostics.extend(opaque.map(|opaque| opaque.in_query(typed)));
        }
        let mut plan = Self {
            typed,
            parameters,
            result,
            is_borrowed,
            structs,
            shared: Vec::new(),
            extras: TypeExtras::new(&tables.config.params, &[], &[]),
            violations: violations_view(typed, tables),
        };
        if is_named {
            plan.shared = std::mem::take(&mut plan.structs);
        }
        diagnostics.extend(plan.add_parameter_attributes(tables));
        if diagnostics.is_empty() {
            Ok(plan)
        } else {
            Err(diagnostics)
        }
    }

    /// Gives the parameters the attributes that the derives of their struct need.
    fn add_parameter_attributes(&mut self, tables: &TableRows<'_>) -> Vec<Diagnostic> {
        let Some(name) = self.parameter_struct() else {
            return Vec::new();
        };
        let mut diagnostics = Vec::new();
        for field in &mut self.parameters {
            let of = (FieldOwner::Parameters, field.secret);
            match tables.write_attributes(&field.rust_type, of, &self.extras) {
                Ok(attributes) => field.attributes = attributes,
                Err(refused) => {
                    let of = (FieldOwner::Parameters, name.as_str());
                    let opaque = Opaque::new(of, &field.name, refused);
                    diagnostics.push(opaque.in_query(self.typed));
                }
            }
        }
        diagnostics
    }

    /// The name of the struct that holds its parameters, if one does.
    pub(super) fn parameter_struct(&self) -> Option<String> {
        are_in_struct(self.typed).then(|| parameter_struct_name(self.typed))
    }

    /// The name of the enum of its orders, if it has some.
    pub(super) fn order_enum(&self) -> Option<String> {
        shaped::order_enum_name(self.typed)
    }

    /// The name of the enum of the constraints that it can violate, if it has one.
    pub(super) fn violation_enum(&self) -> Option<String> {
        self.violations.as_ref().map(|found| found.name.clone())
    }

    /// Adds the types of `types.rs` that it names.
    pub(super) fn collect_own(&self, used: &mut BTreeSet<Own>) {
        match &self.result {
            ResultShape::NoRows => {}
            ResultShape::Value(field) => field.rust_type.collect_own(used),
            ResultShape::Row(rust_type) => rust_type.collect_own(used),
        }
        let structs = self.structs.iter().chain(&self.shared);
        let fields = structs.flat_map(|of| &of.fields);
        fields.for_each(|field| field.rust_type.collect_own(used));
        let parameters = self.parameters.iter();
        parameters.for_each(|parameter| parameter.rust_type.collect_own(used));
    }

    /// Adds the tables whose rows it reads from values of columns.
    pub(super) fn collect_values(&self, values: &mut BTreeSet<u32>) {
        if let ResultShape::Value(field) = &self.result {
            collect_values([&**field], values);
        }
        for row in self.structs.iter().chain(&self.shared) {
            collect_values(&row.fields, values);
        }
    }

    /// The struct of its rows, if that is one of `types.rs` that owns its values.
    pub(super) fn shared_row(&self) -> Option<String> {
        match &self.result {
            ResultShape::Row(rust_type) if !self.is_borrowed => {
                let name = rust_type.to_string();
                name.starts_with(TYPES_PATH).then_some(name)
            }
            _ => None,
        }
    }

    /// The expression of its `Query`.
    fn statement(&self, oids: &str, map: &TypeMap<'_>, shared: &SharedColumns) -> String {
        let name = &self.typed.query.name;
        let columns = WrittenColumns::of(self.typed, map);
        let sql = whole_statement_literal(&with_name(&self.typed.sent(), name));
        let head = format!("FILE, {}, {oids}", rust_literal(name));
        let row = self.shared_row();
        match row.filter(|row| shared.get(row) == Some(&columns)) {
            Some(row) => format!("Query::of::<{row}>({head}, {sql})"),
            None if columns.is_empty() => format!("Query::of::<()>({head}, {sql})"),
            None => format!("Query::new({head}, ({columns}), {sql})"),
        }
    }

    /// The view of the query.
    pub(super) fn view(
        self,
        map: &TypeMap<'_>,
        bounds: &Bounds,
        columns: &SharedColumns,
    ) -> view::QueryView {
        let typed = self.typed;
        let query = &typed.query;
        let sent = SentArguments::of(typed, &self.parameters, map);
        let (shaped, choice) = shaped::shaped_view(typed, &self.parameters, &self.extras).unzip();
        let parameter_struct = self.parameter_struct().filter(|_| shaped.is_none());
        let parameter_struct = parameter_struct
            .map(|name| parameter_struct_view(name, &self.parameters, &self.extras));
        let (call, runner) = self.call();
        let oids = write_oids(sent.oids.iter().copied().chain(added_oids(typed)), map);
        view::QueryView {
            function: function_name(&query.name),
            doc: doc_of(typed),
            name: rust_literal(&query.name),
            statement: self.statement(&oids, map, columns),
            pages: view_pages(typed, map),
            shaped_pages: view_shaped_pages(typed),
            call,
            runner: runner.to_owned(),
            elements: is_numbered(typed).then(|| "rows.len()".to_owned()),
            read: self.read(),
            arguments: choice.unwrap_or_default() + &sent.arguments,
            parameters: match &shaped {
                Some(shaped) => vec![shaped::write_signature(shaped)],
                None => signature_of(typed, self.parameters, parameter_struct.as_ref()),
            },
            parameter_struct,
            shaped,
            violations: self.violations,
            rows: self
                .structs
                .into_iter()
                .map(view::RowStructView::from)
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
            Command::Stream if self.is_borrowed => ("BorrowedRows", "stream_borrowed"),
            Command::Stream => ("RowStream", "stream"),
            Command::Page => ("Pages", "pages"),
        };
        let call = match &self.result {
            ResultShape::NoRows => format!("xact::{call}<'_>"),
            ResultShape::Value(field) => {
                format!(
                    "xact::{call}<'_, {}>",
                    field.rust_type.with_lifetime("'static")
                )
            }
            // The runtime puts the lifetime of each row in place of this one.
            ResultShape::Row(rust_type) if self.is_borrowed => {
                format!("xact::{call}<'_, {rust_type}<'static>>")
            }
            ResultShape::Row(rust_type) => format!("xact::{call}<'_, {rust_type}>"),
        };
        (call, runner)
    }

    /// The function that reads a row, if there are rows.
    fn read(&self) -> Option<String> {
        match &self.result {
            ResultShape::NoRows => None,
            // By `BorrowedRow`, because no type of a function is generic over a lifetime of its result.
            _ if self.is_borrowed => None,
            ResultShape::Value(field) => Some(match field.result() {
                Some(result) => format!("|row| {result}"),
                None => format!("|row| Ok({})", field.value()),
            }),
            ResultShape::Row(rust_type) => Some(format!("{rust_type}::read")),
        }
    }
}

/// The enum of the constraints that a query can violate, if the project wants one; none for a query that can violate none.
fn violations_view(typed: &Finished, tables: &TableRows<'_>) -> Option<view::Violations> {
    if !tables.config.constraint_enums {
        return None;
    }
    let found = find_violations(typed, tables.schema)?;
    let all = &tables.constraints;
    let mut constraints: Vec<_> = found.iter().filter_map(|key| all.get(key)).collect();
    constraints.sort_by_key(|(position, _)| *position);
    let constraints: Vec<_> = constraints
        .into_iter()
        .map(|(_, found)| found.clone())
        .collect();
    (!constraints.is_empty()).then(|| view::Violations {
        name: format!("{}Violation", pascal_case(&typed.query.name)),
        constraints,
    })
}

/// The struct of the parameters of a query, if they are in one.
pub(super) fn parameter_struct_name(typed: &Finished) -> String {
    format!("{}Params", pascal_case(&typed.query.name))
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

fn parameter_struct_view(
    name: String,
    parameters: &[ParameterField],
    extras: &TypeExtras,
) -> view::ParameterStruct {
    let borrows = parameters.iter().any(|field| field.rust_type.is_borrowed());
    let passed = || parameters.iter().filter(|field| field.is_passed());
    let fields = passed().map(|field| view::StructField {
        name: field.name.clone(),
        rust_type: field.rust_type.with_lifetime("'a"),
        attributes: field.attributes.clone(),
    });
    let type_name = format!("{name}{}", if borrows { "<'_>" } else { "" });
    let shown = passed().map(|field| (field.name.as_str(), field.secret));
    let debug = view::write_debug(&type_name, &name, &shown.collect::<Vec<_>>());
    // A derived `Debug` would show the secrets.
    let own: &[&str] = if debug.is_some() {
        &["Clone"]
    } else {
        &["Clone", "Debug"]
    };
    view::ParameterStruct {
        borrows,
        fields: fields.collect(),
        derives: extras.derive_list(own),
        attributes: extras.attributes.clone(),
        debug,
        name,
    }
}

/// The parameters of the function: those of the query, or a struct of them, or a slice of such structs.
fn signature_of(
    typed: &Finished,
    parameters: Vec<ParameterField>,
    in_struct: Option<&view::ParameterStruct>,
) -> Vec<view::ParameterView> {
    let Some(view::ParameterStruct { name, borrows, .. }) = in_struct else {
        let passed = parameters.into_iter().filter(ParameterField::is_passed);
        let each = passed.map(|field| view::ParameterView {
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
    vec![view::ParameterView {
        name: name.to_owned(),
        rust_type,
    }]
}

/// Whether it gives rows for each element of a slice, with the element's number in one more column.
pub(super) fn is_numbered(typed: &Finished) -> bool {
    typed.bulk.as_ref().is_some_and(|bulk| bulk.numbered)
}
