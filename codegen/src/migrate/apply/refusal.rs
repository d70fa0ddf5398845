//! What Postgres refused, as a diagnostic at the statement at fault.

use super::script::Script;
use crate::report::diagnostic::{Diagnostic, from_postgres};
use crate::report::source::{SourceFile, Span};
use crate::report::{Failure, Stop};
use crate::sql::lexer;
use sqlx::postgres::PgDatabaseError;
use std::ops::Range;
use std::sync::Arc;

/// What is left of the migration.
#[derive(Clone, Copy, Debug)]
pub(super) enum Left {
    /// Nothing.
    Nothing,
    /// The steps before the one refused.
    Before,
    /// It is no migration, but a file that says how a schema shall be.
    Target,
}

/// A statement that Postgres refused; `error` of a broken connection is a failure.
pub(super) fn refused(
    script: &Script<'_>,
    range: &Range<usize>,
    error: sqlx::Error,
    left: Left,
) -> Stop {
    let Some(refusal) = database_error(&error) else {
        return Failure::connection("applying the migrations")(error).into();
    };
    let start = range.start;
    // Inside a function or DO block Postgres's position is one in another text.
    let found = from_postgres(refusal, script.span(range), |position| {
        token_at(script.file, start, position)
    });
    let note = match left {
        Left::Nothing => "this migration was rolled back; the others are only applied after it",
        Left::Target => "the file is loaded into an empty database to see what it says",
        Left::Before => {
            "what stands above it is done and stays; once this is mended, the next \
             `xact migrate run` continues here"
        }
    };
    Stop::Diagnostics(vec![found.note(note)])
}

pub(super) fn database_error(error: &sqlx::Error) -> Option<&PgDatabaseError> {
    error.as_database_error()?.try_downcast_ref()
}

/// The SQLSTATE of an error of the server.
pub(super) fn code(error: &sqlx::Error) -> Option<&str> {
    database_error(error).map(PgDatabaseError::code)
}

/// The token that begins at the `position`-th character, counted from 1 at byte `start`.
fn token_at(file: &Arc<SourceFile>, start: usize, position: usize) -> Option<Span> {
    let text = &file.text[start..];
    let (offset, _) = text.char_indices().nth(position.checked_sub(1)?)?;
    let length = lexer::tokens(&text[offset..]).first()?.range.len();
    Some(Span {
        file: file.clone(),
        range: start + offset..start + offset + length,
    })
}

/// A diagnostic that stops the command by itself.
pub(super) fn one(diagnostic: Diagnostic) -> Stop {
    Stop::Diagnostics(vec![diagnostic])
}
