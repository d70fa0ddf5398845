//! The parameters of a statement as the columns of a slice: an array for each, or three.

use super::{BulkForm, BulkValue};
use crate::query::analysis::Typed;
use crate::query::{PgType, TypeCatalog, TypeKind};
use crate::report::diagnostic::Diagnostic;

/// The alias of the slice.
pub(super) const SLICE: &str = "xact_batch";

/// A parameter that became a column, or two.
pub(super) struct SliceColumn {
    /// The expression that is the parameter's value for a row.
    pub(super) value: String,
    /// The arrays that make the columns, by their parameters' numbers, and the columns' names: no other column begins like them.
    pub(super) arrays: Vec<(String, String)>,
    pub(super) taken: BulkValue,
}

/// The columns of the slice that a query takes.
pub(super) fn columns_of_slice(
    typed: &Typed,
    catalog: &TypeCatalog,
) -> Result<Vec<SliceColumn>, Diagnostic> {
    let mut columns = Vec::new();
    let mut next = 1;
    for (index, parameter) in typed.parameters.iter().enumerate() {
        let Some(own) = catalog.get(parameter.type_oid) else {
            return Err(has_no_array(typed, index, "?"));
        };
        let name = column_name(&parameter.name, index);
        let base = catalog.base(own.oid).map(|base| &base.kind);
        let (element, shape) = match base {
            Some(TypeKind::Array(element)) => (element_of(*element, catalog), BulkForm::List),
            _ => (element_of(own.oid, catalog), BulkForm::Value),
        };
        let Some(element) = element else {
            return Err(has_no_array(typed, index, &own.sql_name));
        };
        let taken = BulkValue {
            parameter: index,
            type_oid: element.oid,
            shape,
        };
        let array = format!("{}[]", unbounded(element));
        let column = match shape {
            BulkForm::Value => value_column(&name, next, &array, taken),
            BulkForm::List => list_column(&name, next, &array, taken),
        };
        // The start, the end and all elements of the lists.
        next += if shape == BulkForm::List { 3 } else { 1 };
        columns.push(column.cast_to(own, element));
    }
    Ok(columns)
}

fn value_column(name: &str, number: usize, array: &str, taken: BulkValue) -> SliceColumn {
    SliceColumn {
        value: column_of_slice(name),
        arrays: vec![(format!("${number}::{array}"), name.to_owned())],
        taken,
    }
}

/// A list is a piece of the array of all lists; without bounds it is NULL, and between bounds that cross it is empty.
fn list_column(name: &str, number: usize, array: &str, taken: BulkValue) -> SliceColumn {
    let (from, to) = (format!("{name}_from"), format!("{name}_to"));
    let all = number + 2;
    SliceColumn {
        value: format!(
            "(${all}::{array})[{}:{}]",
            column_of_slice(&from),
            column_of_slice(&to)
        ),
        arrays: vec![
            (format!("${number}::int4[]"), from),
            (format!("${}::int4[]", number + 1), to),
        ],
        taken,
    }
}

/// Qualified, because a subquery may read from a table that has a column of the same name.
fn column_of_slice(name: &str) -> String {
    format!("{SLICE}.{name}")
}

impl SliceColumn {
    /// Gives the value the type that the parameter had.
    fn cast_to(mut self, own: &PgType, element: &PgType) -> Self {
        let travels_as = match self.taken.shape {
            BulkForm::Value => element.oid,
            BulkForm::List => element.array,
        };
        if travels_as != own.oid {
            self.value = format!("{}::{}", self.value, own.sql_name);
        }
        self
    }
}

/// The longest name of a parameter that is used. Postgres cuts names at 63 bytes, and `xact_` and `_from` are added.
const LONGEST: usize = 50;

/// The name of the parameter as far as it needs no quotes, or else its number.
fn column_name(parameter: &str, index: usize) -> String {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if parameter.len() <= LONGEST && parameter.bytes().all(is_plain) {
        format!("xact_{parameter}")
    } else {
        format!("xact_{}", index + 1)
    }
}

/// The type of the array's elements: a domain's base, because clients do not know domains, and text for `citext`,
/// which has the same bytes.
pub(in crate::query) fn element_of(oid: u32, catalog: &TypeCatalog) -> Option<&PgType> {
    let base = catalog.base(oid)?;
    match base.kind {
        // Postgres has no arrays of arrays, and no arrays of pseudo-types but `record[]`, which it
        // does not read.
        TypeKind::Array(_) | TypeKind::Pseudo => None,
        // By name, because an extension's type has another OID in every database.
        TypeKind::Base if base.name == "citext" => catalog.get(TEXT),
        _ => Some(base),
    }
}

/// The OID of `text`.
const TEXT: u32 = 25;

/// The name of a type without a limit on its length: `character` and `bit` alone mean a length of 1.
pub(in crate::query) fn unbounded(element: &PgType) -> &str {
    match element.name.as_str() {
        "bpchar" if element.is_built_in() => "bpchar",
        "bit" if element.is_built_in() => "\"bit\"",
        _ => &element.sql_name,
    }
}

fn has_no_array(typed: &Typed, index: usize, sql_name: &str) -> Diagnostic {
    let parameter = &typed.parameters[index].name;
    let written = typed.query.parameters.get(index);
    let span = written.map_or(&typed.query.name_span, |written| &written.span);
    let message = format!("`{parameter}` has type `{sql_name}`, of which there are no arrays");
    let help = format!("pass it as text: `{}::text::{sql_name}`", span.text());
    Diagnostic::error("batch-form", span.clone(), message).help(help)
}
