//! Marks on parameters that contradict the type: `:name?` of a domain that does not allow NULL, `:name[?]` of no array.

use crate::query::TypeCatalog;
use crate::query::analysis::{Typed, is_array};
use crate::report::diagnostic::Diagnostic;

pub(super) fn check(typed: &Typed, catalog: &TypeCatalog) -> Vec<Diagnostic> {
    let parameters = typed.parameters.iter().zip(&typed.query.parameters);
    let found = parameters.filter_map(|(parameter, written)| {
        let oid = parameter.type_oid;
        let found = catalog.get(oid)?;
        let (name, sql_name) = (&parameter.name, &found.sql_name);
        // A NULL is checked against the domain when the parameter is bound, before any part of the
        // statement could handle it.
        let (message, help) = if written.nullable && catalog.refuses_null(oid) {
            let base = catalog.base(oid).map_or("text", |base| &base.sql_name);
            (
                format!("`{name}` cannot be NULL: its type is the domain `{sql_name}`, which does not allow it"),
                format!("remove the `?`, or pass it as {base}: `:{name}?::{base}`"),
            )
        } else if written.elements_nullable && !is_array(oid, catalog) {
            (
                format!("`{name}` has no elements: its type is `{sql_name}`"),
                format!("`:{name}?` is a parameter that may be NULL"),
            )
        } else {
            return None;
        };
        Some(Diagnostic::error("contradicted-mark", written.span.clone(), message).help(help))
    });
    found.collect()
}
