//! The same schema as another order of deployments would have made it: columns of tables in another order, and one more.
//! The wire SQL has to give the same rows there, each value in its field.

use fastrand::Rng;
use sqlx::postgres::PgRow;
use sqlx::{Column as _, PgConnection, Row as _};
use xact_codegen::query::Finished;

use super::batch::Choice;
use super::claims::{Broken, Claim};
use super::run::{self, Refusal};
use super::world::World;

/// Empty namespaces for a schema and its twin.
pub(super) const NAMESPACES: &str = "
DROP SCHEMA IF EXISTS world, twin CASCADE;
CREATE SCHEMA world;
CREATE SCHEMA twin;
SET search_path = world;
SET statement_timeout = '5s';
SET client_min_messages = error;
SET jit = off;
SET synchronous_commit = off;
";

/// Builds the twin, once; false if Postgres does not take it.
pub(super) async fn build(connection: &mut PgConnection, world: &World, rng: &mut Rng) -> bool {
    run::execute(connection, "SET search_path = twin; BEGIN").await;
    let built = world.build_otherwise(connection, rng).await;
    let end = if built {
        "COMMIT"
    } else {
        "ROLLBACK; SET search_path = world"
    };
    run::execute(connection, end).await;
    built
}

/// Begins a transaction in the twin, filled by the same statements; false if it does not take them.
pub(super) async fn begin(connection: &mut PgConnection, fill: &[String]) -> bool {
    run::execute(connection, "SET search_path = twin; BEGIN").await;
    let filled = run::rows(
        connection,
        format!("{}; SAVEPOINT filled", fill.join(";\n")),
    )
    .await;
    if filled.is_none() {
        run::execute(connection, "ROLLBACK").await;
    }
    filled.is_some()
}

/// The result of a statement in the schema that it was analysed for.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    name: String,
    arguments: Vec<String>,
    names: Vec<String>,
    rows: Vec<String>,
}

impl Outcome {
    pub(super) fn of(name: &str, arguments: &[String], rows: &[PgRow]) -> Self {
        let columns = rows.first().map(PgRow::columns).unwrap_or_default();
        Self {
            name: name.to_owned(),
            arguments: arguments.to_vec(),
            names: columns
                .iter()
                .map(|column| column.name().to_owned())
                .collect(),
            rows: run::texts(rows),
        }
    }

    /// How the same call gives something else in the twin, whose transaction is open.
    pub(super) async fn compare(
        &self,
        connection: &mut PgConnection,
        world: &World,
        typed: &Finished,
    ) -> Option<Broken> {
        let sent = typed.sent();
        let sent = sent.as_ref();
        // Prepared under a name of its own: a statement that was prepared must not change the type of its rows.
        let name = format!("{}_in_twin", self.name);
        let call = run::call(&name, &self.arguments);
        let back = world.back();
        let sql = format!("{back}; PREPARE {name} AS {sent}; {call}; DEALLOCATE {name}");
        let how = match run::rows_or_refusal(connection, sql).await {
            Ok(rows) => self.difference(&Self::of(&name, &self.arguments, &rows), world, sent)?,
            Err(refusal) => {
                // It may be prepared all the same.
                run::rows(connection, format!("{back}; DEALLOCATE {name}")).await;
                match refusal {
                    Refusal::OfValue => return None,
                    Refusal::Other(_) if !matches!(world.choice(sent), Choice::None) => {
                        return None;
                    }
                    Refusal::Other(refusal) => refusal,
                }
            }
        };
        let claim = Claim::Fields;
        let how = format!("with columns in another order, {how}\n{call}");
        Some(Broken { claim, how })
    }

    fn difference(&self, other: &Self, world: &World, sent: &str) -> Option<String> {
        let (names, others) = (&self.names, &other.names);
        if names != others && !names.is_empty() && !others.is_empty() {
            return Some(format!("the columns are {others:?}, not {names:?}"));
        }
        let free = !matches!(world.choice(sent), Choice::None);
        let same = free || self.rows == other.rows;
        (!same).then(|| format!("the rows are {:#?}, not {:#?}", other.rows, self.rows))
    }
}
