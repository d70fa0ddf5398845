//! An error of Postgres as a diagnostic: its words verbatim, at the place it names.

use super::Diagnostic;
use crate::report::source::Span;
use crate::sql::lexer::TokenKind;
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

/// Turns a database error into a diagnostic.
///
/// `locate` maps Postgres's position, a character count from 1, to the source; `whole` is
/// the location if Postgres names no position.
pub fn from_postgres(
    error: &PgDatabaseError,
    whole: Span,
    locate: impl Fn(usize) -> Option<Span>,
) -> Diagnostic {
    let span = match error.position() {
        Some(PgErrorPosition::Original(position)) => locate(position),
        _ => find_mentioned(error.message(), &whole),
    };
    let place = span.unwrap_or_else(|| first_line(whole));
    let mut diagnostic = Diagnostic::error(code_of(error), place, error.message());
    if let Some(PgErrorPosition::Internal { query, .. }) = error.position() {
        diagnostic = diagnostic.note(format!("while running: {query}"));
    }
    if let Some(detail) = error.detail() {
        diagnostic = diagnostic.note(detail);
    }
    if let Some(context) = error.r#where() {
        diagnostic = diagnostic.note(context);
    }
    if let Some(hint) = error.hint() {
        diagnostic = diagnostic.help(hint);
    }
    diagnostic
}

/// Classes of errors that say something of the server or the moment, whatever the statement is: deadlocks, full disks, cancelled
/// statements (Appendix A). Not those of connections, which are Postgres's own to a foreign server: that one may never be there.
const OF_THE_MOMENT: &[&str] = &["40", "53", "57"];

/// Postgres's refusal of a statement. Every other error is returned as one, also Postgres's own error of the moment: who took it for a
/// refusal would go on with less than there is to know, and keep that.
pub(crate) fn refusal_of(error: sqlx::Error) -> Result<Box<PgDatabaseError>, sqlx::Error> {
    let error = match error {
        sqlx::Error::Database(error) => error.try_downcast::<PgDatabaseError>(),
        error => return Err(error),
    };
    match error {
        Ok(refusal) if !is_of_the_moment(refusal.code()) => Ok(refusal),
        Ok(other) => Err(sqlx::Error::Database(other)),
        Err(other) => Err(sqlx::Error::Database(other)),
    }
}

fn is_of_the_moment(sqlstate: &str) -> bool {
    OF_THE_MOMENT
        .iter()
        .any(|class| sqlstate.starts_with(class))
}

/// The quotes of Postgres's translations, around each name.
pub(crate) const QUOTES: &[char] = &['"', '»', '«', '„', '“', '”'];

/// Utility statements have no positions, but messages quote the names they are about:
/// `relation "nots" does not exist`, or `Relation »nots« existiert nicht`.
fn find_mentioned(message: &str, whole: &Span) -> Option<Span> {
    let names: Vec<&str> = message.split(QUOTES).skip(1).step_by(2).collect();
    whole.find_token(|kind, text| {
        let is_name = matches!(kind, TokenKind::Word | TokenKind::QuotedIdentifier);
        let word = text.trim_matches('"');
        is_name && names.iter().any(|name| name.eq_ignore_ascii_case(word))
    })
}

/// A caret under forty lines points at nothing.
fn first_line(span: Span) -> Span {
    let length = span.text().trim_end().find(['\n', '\r']);
    let end = length.map_or(span.range.end, |length| span.range.start + length);
    Span {
        range: span.range.start..end,
        ..span
    }
}

/// Names for the errors people meet; the condition names are those of Postgres's Appendix A.
const CODES: &[(&str, &str)] = &[
    ("42703", "unknown-column"),
    ("42P01", "unknown-table"),
    ("42883", "unknown-function"),
    ("42704", "unknown-object"),
    ("3F000", "unknown-schema"),
    ("42601", "syntax"),
    ("42702", "ambiguous-column"),
    ("42725", "ambiguous-function"),
    ("42P18", "undetermined-type"),
    ("42P08", "undetermined-type"),
    ("42804", "type-mismatch"),
    ("42803", "grouping"),
    ("42P02", "unknown-parameter"),
    ("42501", "insufficient-privilege"),
    ("25001", "not-in-transaction"),
    ("42710", "duplicate-object"),
    ("42P07", "duplicate-table"),
    ("42701", "duplicate-column"),
    ("22P02", "invalid-value"),
    ("22003", "invalid-value"),
    ("22007", "invalid-value"),
    ("22008", "invalid-value"),
    ("0A000", "feature-not-supported"),
    ("P0001", "raised"),
];

/// The code of every other error of Postgres.
pub(crate) const UNNAMED: &str = "postgres";

fn code_of(error: &PgDatabaseError) -> &'static str {
    CODES
        .iter()
        .find(|(sqlstate, _)| *sqlstate == error.code())
        .map_or(UNNAMED, |(_, code)| code)
}
