//! The Rust types of the values of a query, without the code around them.

use super::RustTypes;
use super::rows::TableRows;
use crate::query::Finished;
use crate::report::diagnostic::Diagnostic;

/// Both values, or every diagnostic.
pub(super) fn join_results<A, B>(
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
    let (columns, parameters) =
        join_results(rows.column_types(typed), rows.fields.of_parameters(typed))?;
    let parameters = parameters.iter();
    Ok(RustTypes {
        parameters: parameters
            .map(|field| field.rust_type.to_string())
            .collect(),
        columns,
    })
}
