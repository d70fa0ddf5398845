//! Parameters and columns whose type has no Rust equivalent, with the SQL to write instead.

use super::types::Unmapped;
use crate::query::analysis::{Typed, TypedColumn};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use crate::sql::identifier::write_identifier;

/// The diagnostic about a column, at its name in the statement, or at the `*` that has it.
pub(super) fn unmapped_column(
    typed: &Typed,
    column: &TypedColumn,
    unmapped: Unmapped,
) -> Diagnostic {
    let subject = format!("column `{}` has", column.name);
    if let Some(span) = find_name(&typed.query.span, &column.name) {
        return no_mapping(span, &subject, unmapped);
    }
    // A `*` has the column, and nothing can be cast in it.
    let name = write_identifier(&column.name);
    let help =
        format!("list the columns in place of `*`, with `{name}::text AS {name}` among them");
    let star = typed.query.span.find_token(|_, text| text == "*");
    let span = star.unwrap_or_else(|| typed.query.name_span.clone());
    no_mapping(span, &subject, Unmapped { help, ..unmapped })
}

/// The token of a statement that is this name.
fn find_name(statement: &Span, name: &str) -> Option<Span> {
    statement.find_token(|_, text| {
        let word = text.trim_matches('"').trim_end_matches(['!', '?']);
        word.eq_ignore_ascii_case(name)
    })
}

/// The diagnostic about a parameter or column whose type has no Rust equivalent.
pub(super) fn no_mapping(span: Span, subject: &str, unmapped: Unmapped) -> Diagnostic {
    let Unmapped { sql_name, help, .. } = unmapped;
    let message = format!("{subject} type `{sql_name}`, which has no Rust equivalent");
    Diagnostic::error("unmapped-type", span, message).help(help)
}
