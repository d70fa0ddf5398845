//! Queries that Postgres accepts when it parses them and refuses when it plans them: they fail whoever runs them.
//!
//! Given: typed queries. Gives: a diagnostic for each of these, and takes them out. They are planned as the login, for which
//! no policy adds a condition of its own.

use super::attempt::{self, AttemptRefusal};
use crate::catalog_query::fetch_catalog_with;
use crate::config::{Config, ScopeSetting};
use crate::query::TypeCatalog;
use crate::query::analysis::Typed;
use crate::query::planned::{Planned, plan_statement};
use crate::report::diagnostic::{Diagnostic, from_postgres};
use crate::report::source::Span;
use crate::sql::lexer;
use sqlx::postgres::PgDatabaseError;
use sqlx::{PgConnection, Row as _};
use std::collections::BTreeSet;

/// Takes out the queries that always fail.
pub(super) async fn take_refused(
    connection: &mut PgConnection,
    config: &Config,
    queries: &mut Vec<Typed>,
    types: &TypeCatalog,
) -> Result<Vec<Diagnostic>, sqlx::Error> {
    let settings: BTreeSet<&str> = config
        .scopes
        .values()
        .flat_map(|scope| scope.settings.iter().map(ScopeSetting::name))
        .collect();
    let settings: Vec<&str> = settings.into_iter().collect();
    // As the login, before any role: a refusal that has nothing to do with privileges is then reported once, not per scope.
    let planned = (0..queries.len())
        .filter(|index| attempt::placeholders_of(&queries[*index], types).is_some())
        .collect();
    let refusals = attempt::find_refusals(connection, queries, types, planned, &settings).await?;
    let (mut diagnostics, mut refused) = (Vec::new(), BTreeSet::new());
    for (index, refusal, always) in refusals {
        queries[index].is_settled &= !refusal.is_of_the_moment();
        if !(always && is_final(connection, &refusal).await?) {
            continue;
        }
        if let Some(diagnostic) = diagnose_refusal(connection, &queries[index], types).await? {
            refused.insert(index);
            diagnostics.push(queries[index].query.in_variant(diagnostic));
        }
    }
    let mut index = 0..;
    queries.retain(|_| index.next().is_none_or(|index| !refused.contains(&index)));
    Ok(diagnostics)
}

/// Whether the statement fails in every database with this schema.
///
/// The planner evaluates constant expressions, and for its estimates also functions that read settings or tables: the
/// error of such a function says nothing of another session.
async fn is_final(
    connection: &mut PgConnection,
    refusal: &AttemptRefusal,
) -> Result<bool, sqlx::Error> {
    let of_the_login = matches!(refusal.state.as_str(), "42501" | "55P03");
    let passes = refusal.is_of_the_moment() || of_the_login || refusal.is_of_settings();
    if !refusal.planned || passes {
        return Ok(false);
    }
    match raised_in(&refusal.context) {
        Raised::InNoFunction => Ok(true),
        Raised::In(names) => are_immutable(connection, names).await,
        Raised::Elsewhere => Ok(false),
    }
}

/// The functions that an error was raised in.
#[derive(Debug, PartialEq, Eq)]
enum Raised {
    InNoFunction,
    /// Functions of these names, without their schemas.
    In(Vec<String>),
    /// Postgres does not say in which.
    Elsewhere,
}

/// Reads the context of an error: a line for each function, and for each statement in it.
///
/// No field of an error names the function, so this needs the lines in English, which the tool's sessions ask for. A line that
/// it does not know is of an unknown function, and then the query is not refused here.
fn raised_in(context: &str) -> Raised {
    let mut names = Vec::new();
    for line in context.lines().filter(|line| !line.trim().is_empty()) {
        if line.starts_with("SQL function ") && line.ends_with(" during inlining") {
            continue;
        }
        let statement = ["SQL statement ", "SQL expression ", "PL/pgSQL assignment "];
        if statement.iter().any(|word| line.starts_with(word)) {
            continue;
        }
        let Some(name) = function_name(line) else {
            return Raised::Elsewhere;
        };
        names.push(name);
    }
    if names.is_empty() {
        Raised::InNoFunction
    } else {
        Raised::In(names)
    }
}

/// `PL/pgSQL function app.slug(text) line 3 at RAISE`, `SQL function "slug" statement 1`
fn function_name(line: &str) -> Option<String> {
    if let Some(rest) = line.strip_prefix("SQL function \"") {
        return rest.split_once('"').map(|(name, _)| name.to_owned());
    }
    let signature = line.strip_prefix("PL/pgSQL function ")?;
    let (qualified, _) = signature.split_once('(')?;
    let name = qualified
        .rsplit_once('.')
        .map_or(qualified, |(_, name)| name);
    Some(name.trim_matches('"').to_owned())
}

/// Whether every function of these names gives the same result for the same arguments, in any session.
async fn are_immutable(
    connection: &mut PgConnection,
    names: Vec<String>,
) -> Result<bool, sqlx::Error> {
    let sql = "SELECT count(*) > 0 AND bool_and(p.provolatile = 'i') FROM pg_proc p
               WHERE p.proname::text = ANY ($1::text[])";
    let rows = fetch_catalog_with(connection, sql, |query| query.bind(names)).await?;
    rows.first().map_or(Ok(false), |row| row.try_get(0))
}

/// The refusal, with its place in the query.
async fn diagnose_refusal(
    connection: &mut PgConnection,
    typed: &Typed,
    catalog: &TypeCatalog,
) -> Result<Option<Diagnostic>, sqlx::Error> {
    let Some(placeholders) = attempt::placeholders_of(typed, catalog) else {
        return Ok(None);
    };
    match plan_statement(connection, &typed.query.sql.text, &placeholders).await? {
        Planned::Refused(error) => {
            let whole = &typed.query.span;
            let clause = find_keywords(error.message(), whole);
            let clause = clause.unwrap_or_else(|| whole.clone());
            let diagnostic = from_postgres(&error, clause, |_| None);
            let note = "Postgres refuses it when it plans the statement, so every call would fail";
            let diagnostic = diagnostic.note(note);
            Ok(Some(match help_for(&error, typed) {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            }))
        }
        Planned::Accepted | Planned::NotPrepared(_) => Ok(None),
    }
}

/// The keywords that a message is about, `FULL JOIN` or `ON CONFLICT`, in the statement. They are the same in every language.
pub(super) fn find_keywords(message: &str, statement: &Span) -> Option<Span> {
    let is_keyword = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase());
    let keywords: Vec<&str> = message
        .split(' ')
        .skip_while(|word| !is_keyword(word))
        .collect();
    let length = keywords.iter().take_while(|word| is_keyword(word)).count();
    let words = lexer::words(statement.text());
    let found = words.windows(length.max(1)).find(|window| {
        let pairs = window.iter().zip(&keywords);
        length > 0 && pairs.clone().all(|(word, keyword)| word.is(keyword))
    })?;
    let start = statement.range.start;
    Some(Span {
        file: statement.file.clone(),
        range: start + found.first()?.range.start..start + found.last()?.range.end,
    })
}

/// The change that makes Postgres accept the statement.
///
/// The routine of Postgres tells the refusals apart, because the language of a message is that of the server.
fn help_for(error: &PgDatabaseError, typed: &Typed) -> Option<String> {
    let routine = error.routine()?;
    if routine == "infer_arbiter_indexes" {
        let words = lexer::words(typed.query.span.text());
        let conflict = words.iter().position(|word| word.is("CONFLICT"))?;
        let open = words.get(conflict + 1).filter(|word| word.text == "(")?;
        let close = &words[lexer::find_closing(&words, conflict + 1)?];
        let columns = &typed.query.span.text()[open.range.start..close.range.end];
        let table = typed.tables.as_ref()?.writes.first()?;
        return Some(format!(
            "create the key in a migration: `CREATE UNIQUE INDEX ON {table} {columns}`"
        ));
    }
    let known = [
        (
            "make_outerjoininfo",
            "name the relations whose rows to lock, without those: `FOR UPDATE OF …`",
        ),
        (
            "populate_joinrel_with_paths",
            "join by `=`, or write a LEFT JOIN and the rows it leaves out with UNION ALL",
        ),
    ];
    let found = known.iter().find(|(known, _)| *known == routine);
    found.map(|(_, help)| (*help).to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Raised, raised_in};

    #[test]
    fn the_functions_of_a_context_are_found() {
        let of = |names: &[&str]| Raised::In(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(raised_in(""), Raised::InNoFunction);
        assert_eq!(
            raised_in("SQL function \"f\" during inlining"),
            Raised::InNoFunction
        );
        let nested = "PL/pgSQL function app.\"Slug\"(text,integer) line 3 at RAISE\nSQL statement \"SELECT 1\"\n\
            PL/pgSQL function g() line 1 at PERFORM\nSQL function \"h\" statement 1";
        assert_eq!(raised_in(nested), of(&["Slug", "g", "h"]));
        assert_eq!(raised_in("PL/Python function \"f\""), Raised::Elsewhere);
        // The same line on a server whose messages are German.
        let german = "PL/pgSQL-Funktion slug(text) Zeile 3 bei RAISE";
        assert_eq!(raised_in(german), Raised::Elsewhere);
    }
}
