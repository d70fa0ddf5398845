//! Runs a file that describes a schema, such as an edited schema.sql, on an empty database.
//!
//! A person adds an object where it reads best, which may be before an object that it needs. So a statement that lacks an
//! object is tried again when the others have run.

use super::script::MigrationScript;
use super::{Session, progress, refusal};
use crate::report::Stop;
use crate::report::source::SourceFile;
use std::ops::Range;
use std::sync::Arc;

/// The codes by which Postgres says that a statement lacks an object (`PostgreSQL` Error Codes, class 42 and 3F): a table, a
/// column, a function or operator, another object, the key that a foreign key refers to, a schema.
const LACKING: &[&str] = &["42P01", "42703", "42883", "42704", "42830", "3F000"];

/// A statement that was refused for the lack of an object.
struct Deferred<'a> {
    range: &'a Range<usize>,
    error: sqlx::Error,
}

/// Runs a file that is no migration, statement by statement, each after the objects that it needs.
///
/// # Errors
/// A diagnostic at the statement that is refused: of several, at the first one.
pub(crate) async fn load_file(session: &mut Session, file: &Arc<SourceFile>) -> Result<(), Stop> {
    let script = MigrationScript::cut(file).map_err(refusal::stop_with_one)?;
    let mut deferred: Vec<Deferred<'_>> = Vec::new();
    for range in script.steps.iter().flatten() {
        if changes_settings(script.text(range)) {
            // A statement is read under the settings that are in force where it is written.
            deferred = run_deferred(session, &script, deferred).await?;
        }
        let Err(error) = run_statement(session, &script, range).await else {
            continue;
        };
        if !is_lacking(&error) {
            let first = deferred.into_iter().next();
            // Inside a transaction that failed, the first error is the one that counts.
            let ended = has_code(&error, &["25P02"]);
            let first = first.filter(|_| ended).unwrap_or(Deferred { range, error });
            return Err(refuse(&script, first));
        }
        deferred.push(Deferred { range, error });
    }
    let left = run_deferred(session, &script, deferred).await?;
    if let Some(first) = left.into_iter().next() {
        return Err(refuse(&script, first));
    }
    session.fresh().await.map_err(Stop::from)
}

/// Runs the statements whose objects are there now, again and again until none of them is; gives the others.
async fn run_deferred<'a>(
    session: &mut Session,
    script: &MigrationScript<'_>,
    mut deferred: Vec<Deferred<'a>>,
) -> Result<Vec<Deferred<'a>>, Stop> {
    // Each round runs at least one statement or ends, so there are at most as many rounds as
    // statements.
    loop {
        let count = deferred.len();
        let mut left = Vec::new();
        for Deferred { range, .. } in deferred {
            match run_statement(session, script, range).await {
                Ok(()) => {}
                // Kept in the order of the file, so that the error that is reported is the first
                // one there.
                Err(error) if is_lacking(&error) => left.push(Deferred { range, error }),
                Err(error) => return Err(refuse(script, Deferred { range, error })),
            }
        }
        if left.len() == count {
            return Ok(left);
        }
        deferred = left;
    }
}

async fn run_statement(
    session: &mut Session,
    script: &MigrationScript<'_>,
    range: &Range<usize>,
) -> Result<(), sqlx::Error> {
    progress::execute_statement(session, script, range, &super::silent).await
}

fn refuse(script: &MigrationScript<'_>, Deferred { range, error }: Deferred<'_>) -> Stop {
    refusal::refuse_statement(script, range, error, refusal::Left::Target)
}

fn is_lacking(error: &sqlx::Error) -> bool {
    has_code(error, LACKING)
}

fn has_code(error: &sqlx::Error, codes: &[&str]) -> bool {
    refusal::sqlstate(error).is_some_and(|code| codes.contains(&code))
}

fn changes_settings(statement: &str) -> bool {
    let word = statement.split_whitespace().next().unwrap_or_default();
    word.eq_ignore_ascii_case("SET") || word.eq_ignore_ascii_case("RESET")
}
