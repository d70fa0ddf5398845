//! Rows that borrow: the fields of a `:stream` query with `-- xact: borrowed rows`.

use crate::query::analysis::Typed;
use crate::query::{BORROWED_ROWS, Command, asks_for_borrowed_rows};
use crate::report::diagnostic::Diagnostic;
use crate::rust::fields::{ColumnField, FieldRead};
use crate::rust::types::RustType;

/// Has the texts and bytes of a row borrow from the message of the row, if the query asks for that.
///
/// The fields of rows within the row own their values, because they are read from parts of a value.
pub(super) fn borrow_fields(typed: &Typed, fields: &mut [ColumnField]) {
    // Rows of the other commands are kept after the next message has arrived.
    if !asks_for_borrowed_rows(&typed.query) || typed.query.command != Command::Stream {
        return;
    }
    for field in fields {
        if matches!(field.read, FieldRead::Get(_)) && is_text_or_bytes(&field.rust_type) {
            field.rust_type = field.rust_type.as_parameter();
        }
    }
}

fn is_text_or_bytes(rust_type: &RustType) -> bool {
    match rust_type {
        RustType::Text | RustType::Bytes => true,
        RustType::Option(inner) => is_text_or_bytes(inner),
        _ => false,
    }
}

/// Why the rows of a query that asks for it cannot borrow: the directive would have no effect.
pub(in crate::rust) fn check_borrowed_rows(
    typed: &Typed,
    fields: &[ColumnField],
) -> Option<Diagnostic> {
    let query = &typed.query;
    if !asks_for_borrowed_rows(query) || fields.iter().any(ColumnField::is_borrowed) {
        return None;
    }
    let span = query.name_span.clone();
    let error = |message: String, help: String| {
        Some(Diagnostic::error("borrowed-rows", span, message).help(help))
    };
    if query.command == Command::Stream {
        return error(
            format!("no column of `{}` is a text or bytes", query.name),
            format!("remove `-- {BORROWED_ROWS}`: values of other types are not borrowed"),
        );
    }
    let message = format!("the rows of `:{}` cannot be borrowed", query.command.word());
    let remove = format!("remove `-- {BORROWED_ROWS}`");
    if query.command.needs_rows() {
        let help = format!("write `-- name: {} :stream`, or {remove}", query.name);
        return error(message, help);
    }
    error(message, remove)
}
