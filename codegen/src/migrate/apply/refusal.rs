//! A statement that Postgres refused, as a diagnostic at its place.

use super::script::MigrationScript;
use crate::report::diagnostic::{Diagnostic, from_postgres};
use crate::report::source::{SourceFile, Span};
use crate::report::{Failure, Stop};
use crate::sql::lexer;
use sqlx::postgres::PgDatabaseError;
use std::ops::Range;
use std::sync::Arc;

/// The part of the migration that stays.
#[derive(Clone, Copy, Debug)]
pub(super) enum Left {
    /// Nothing.
    Nothing,
    /// The steps before the one refused.
    Before,
    /// The whole database is thrown away.
    Throwaway,
    /// It is no migration, but a file that declares the target schema.
    Target,
}

/// A statement that Postgres refused; `error` of a broken connection is a failure.
pub(super) fn refuse_statement(
    script: &MigrationScript<'_>,
    range: &Range<usize>,
    error: sqlx::Error,
    left: Left,
) -> Stop {
    let Some(refusal) = database_error(&error) else {
        if is_of_notification(&error) {
            let path = script.file.path.clone();
            return Failure::Notified { path }.into();
        }
        return Failure::connection("applying the migrations")(error).into();
    };
    let start = range.start;
    let row = failed_row(script, range, refusal);
    // Inside a function or DO block Postgres's position is one in another text.
    let whole = row.unwrap_or_else(|| script.span(range));
    let found = from_postgres(refusal, whole, |position| {
        token_at(script.file, start, position)
    });
    let found = match sqlstate(&error).and_then(help_for) {
        Some(help) => found.help(help),
        None if lacks_role(refusal) => found.help(
            "roles belong to the server, and no dump of a database has them: create it in a migration, as in \
             `DO $$ BEGIN CREATE ROLE app; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;`",
        ),
        None if creates_the_table_of_migrations(refusal) => found.help(
            "leave the table out: `pg_dump --exclude-table=_sqlx_migrations` does, and the migrations make their own",
        ),
        None => found,
    };
    let note = match left {
        Left::Throwaway => return Stop::Diagnostics(vec![found]),
        Left::Nothing if script.file.path.ends_with(".down.sql") => {
            "nothing of this file was done; the others are only reverted after it"
        }
        Left::Nothing => "this migration was rolled back; the others are only applied after it",
        Left::Target => "the file is loaded into an empty database, which is then compared",
        Left::Before => {
            "the statements above it are done and stay; once this is fixed, the next \
             `xact migrate run` continues here"
        }
    };
    Stop::Diagnostics(vec![found.note(note)])
}

pub(super) fn database_error(error: &sqlx::Error) -> Option<&PgDatabaseError> {
    error.as_database_error()?.try_downcast_ref()
}

/// Whether sqlx met a notification where it expects the answer of a statement.
fn is_of_notification(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Protocol(message) if message.contains("NotificationResponse"))
}

/// The SQLSTATE of an error of the server.
pub(super) fn sqlstate(error: &sqlx::Error) -> Option<&str> {
    database_error(error).map(PgDatabaseError::code)
}

/// A dump of a database that was migrated has the table of migrations too.
fn creates_the_table_of_migrations(error: &PgDatabaseError) -> bool {
    // duplicate_table
    error.code() == "42P07" && error.message().contains("_sqlx_migrations")
}

/// `undefined_object` has no field for the kind of the object, so its statement in the server's source identifies it
/// (`get_role_oid`, `get_rolespec_oid`).
fn lacks_role(error: &PgDatabaseError) -> bool {
    error.code() == "42704" && error.file().is_some_and(|file| file.ends_with("acl.c"))
}

/// The help for errors to which Postgres gives no hint.
fn help_for(code: &str) -> Option<&'static str> {
    match code {
        // unsafe_new_enum_value_usage: "ALTER TYPE", the value cannot be used until it is committed.
        "55P04" => Some(
            "use the new value in a later migration, or make `-- no-transaction` the first line of \
             this file, so that each of its statements is committed before the next",
        ),
        // read_only_sql_transaction
        "25006" => Some(
            "this server takes no writes: name the primary in `--database` or `DATABASE_URL`, or set \
             `default_transaction_read_only` to off",
        ),
        // lock_not_available
        "55P03" => Some(
            "end the transaction in the way, which `xact migrate` names while it waits, and run it \
             once more; `--lock-timeout 0` waits as long as it takes, and so do all later queries \
             on the table",
        ),
        _ => None,
    }
}

/// The line of the file with the row that COPY refused: Postgres counts lines in the rows alone.
fn failed_row(
    script: &MigrationScript<'_>,
    range: &Range<usize>,
    error: &PgDatabaseError,
) -> Option<Span> {
    let rows = script.rows(range)?;
    // `COPY tags, line 3, column id: "x"`: COPY tells the row in the context only
    // (`CopyFromErrorCallback`).
    let (_, rest) = error.r#where()?.split_once(", line ")?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    let text = &script.file.text[rows.clone()];
    let line = text
        .split_inclusive('\n')
        .nth(digits.parse::<usize>().ok()?.checked_sub(1)?)?;
    let start = rows.start + (line.as_ptr() as usize - text.as_ptr() as usize);
    Some(script.span(&(start..start + line.trim_end().len())))
}

/// The token that begins at the `position`-th character, counted from 1 at byte `start`.
fn token_at(file: &Arc<SourceFile>, start: usize, position: usize) -> Option<Span> {
    let text = &file.text[start..];
    // Postgres counts characters from 1 ("Error and Notice Message Fields").
    let (offset, _) = text.char_indices().nth(position.checked_sub(1)?)?;
    let length = lexer::tokens(&text[offset..]).first()?.range.len();
    Some(Span {
        file: file.clone(),
        range: start + offset..start + offset + length,
    })
}

/// A diagnostic that stops the command by itself.
pub(super) fn stop_with_one(diagnostic: Diagnostic) -> Stop {
    Stop::Diagnostics(vec![diagnostic])
}
