//! Queries that Postgres refuses to prepare, as diagnostics with one help each: the SQL to write instead.
//!
//! Given: Postgres's error, the query, the schema. Gives: a diagnostic with Postgres's own words, and the help of the first file
//! below that knows the mistake. Nothing is decided by the text of a message, because its language is that of the server.
//!
//! ```text
//! placeholders   `?`, `%s`, `{name}`: parameters as other tools write them
//! names          columns, tables and aliases that do not exist or mean two things
//! dialects       clauses and functions of other databases
//! functions      functions and operators that do not exist for these types
//! values         literals that are no value of their type
//! untyped        parameters without a type, or with two
//! syntax         commas and keywords
//! unreadable     types that sqlx cannot describe
//! ```

mod from_items;
mod statement;

mod placeholders;

mod dialects;
mod functions;
mod names;
mod syntax;
mod untyped;
mod values;

mod unreadable;

pub(super) use untyped::{add_casts, refuse_records};

use super::Query;
use crate::report::Failure;
use crate::report::diagnostic::{Diagnostic, Fix, Place, from_postgres, refusal_of};
use crate::report::source::Span;
use crate::schema::Schema;
use sqlx::PgConnection;
use statement::RefusedStatement;

/// The help for a mistake, and its location if that is another than Postgres's.
struct Advice {
    place: Option<Span>,
    help: String,
    fixes: Vec<Fix>,
}

impl Advice {
    /// Advice at the location that Postgres names.
    fn new(help: impl Into<String>) -> Self {
        Self {
            place: None,
            help: help.into(),
            fixes: Vec::new(),
        }
    }

    /// Advice about another part of the statement.
    fn at(place: Span, help: impl Into<String>) -> Self {
        Self {
            place: Some(place),
            help: help.into(),
            fixes: Vec::new(),
        }
    }

    /// The advice with a change of the source that follows it.
    fn with_fix(mut self, span: Span, text: impl Into<String>) -> Self {
        self.fixes.push(Fix::replace(span, text));
        self
    }
}

/// Postgres's error about the query, as a diagnostic; an error that is not Postgres's is a failure.
pub(super) async fn diagnose_refusal(
    connection: &mut PgConnection,
    error: sqlx::Error,
    query: &Query,
    schema: &Schema,
) -> Result<Diagnostic, Failure> {
    // First, because this error is sqlx's, and there is none of Postgres.
    if let Some(diagnostic) = unreadable::diagnose_type(&error, query, schema) {
        return Ok(diagnostic);
    }
    let error = &refusal_of(error).map_err(Failure::query(&query.name))?;
    let diagnostic = from_postgres(error, query.span.clone(), |p| query.locate(p));
    let refused = RefusedStatement::new(error, query, schema, &diagnostic);
    // The round trip to the catalog comes last: most mistakes are explained without it.
    let advice = match find_advice(&refused) {
        Some(advice) => Some(advice),
        None => functions::advise(connection, &refused).await?,
    };
    Ok(match advice {
        None => Diagnostic {
            fixes: names::follow_hint(&refused),
            ..diagnostic
        },
        Some(advice) => with_advice(diagnostic, advice),
    })
}

/// The advice that needs no further question to the database. The first wins: a parameter in another tool's spelling leads to
/// all kinds of errors, so it is looked for first.
fn find_advice(refused: &RefusedStatement<'_>) -> Option<Advice> {
    placeholders::advise(refused)
        .or_else(|| names::advise(refused))
        .or_else(|| untyped::advise(refused))
        .or_else(|| values::advise(refused))
        .or_else(|| dialects::advise(refused))
        .or_else(|| syntax::advise(refused))
}

/// Replaces Postgres's hint, so that there are no two helps that disagree.
fn with_advice(diagnostic: Diagnostic, advice: Advice) -> Diagnostic {
    let place = advice.place.map_or(diagnostic.place, Place::Span);
    Diagnostic {
        place,
        help: vec![advice.help],
        fixes: advice.fixes,
        ..diagnostic
    }
}
