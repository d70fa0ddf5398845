//! Statements attempted one after the other, on a Postgres that cannot catch errors inside a function.
//!
//! Also those of which the routine of the error decides: the wire has it, PL/pgSQL's diagnostics do not.
//!
//! One compiled to WebAssembly unwinds to its outermost handler, past `EXCEPTION WHEN`. It answers
//! without a wire in between, so a savepoint for each statement costs little there.

use super::attempt::AttemptRefusal;
use crate::query::planned::{Placeholders, Planned, plan_statement, run_and_undo};
use sqlx::PgConnection;
use sqlx::postgres::PgDatabaseError;

/// Whether this is such a Postgres.
pub(super) async fn is_needed(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT pg_catalog.version() OPERATOR(pg_catalog.~~) '% on wasm%'")
        .fetch_one(connection)
        .await
}

/// The statements that Postgres refuses, as `attempt.sql` gives them, each with its place in `statements`.
pub(super) async fn attempt_each(
    connection: &mut PgConnection,
    statements: &[(&str, Option<Placeholders>)],
) -> Result<Vec<(usize, AttemptRefusal)>, sqlx::Error> {
    let mut refused = Vec::new();
    for (index, (statement, placeholders)) in statements.iter().enumerate() {
        let (error, planned) = match placeholders {
            None => (
                run_and_undo(connection, (*statement).to_owned()).await?,
                false,
            ),
            Some(placeholders) => {
                match plan_statement(connection, statement, placeholders).await? {
                    Planned::Accepted => (None, false),
                    Planned::NotPrepared(error) => (Some(error), false),
                    Planned::Refused(error) => (Some(error), true),
                }
            }
        };
        refused.extend(error.map(|error| (index, refusal_of(&error, planned))));
    }
    Ok(refused)
}

fn refusal_of(error: &PgDatabaseError, planned: bool) -> AttemptRefusal {
    AttemptRefusal {
        state: error.code().to_owned(),
        message: error.message().to_owned(),
        routine: error.routine().map(str::to_owned),
        planned,
        context: error.r#where().unwrap_or_default().to_owned(),
    }
}
