//! A migrated database with the project's queries, on which proofs are made.

use super::attacks::{Focus, LARGE_OBJECT, Targets, read_targets};
use super::probe::note_rows;
use super::proof::{Attack, AttackResult, Proof};
use super::rows::{self, Filled, StoredRow};
use super::run::Campaign;
use super::tenants::{ProvedScope, Tenants, find_tenants};
use super::two_tenants::{fill_all, read_seed};
use crate::database::{ThrowawayDatabase, read_whole};
use crate::pipeline::{self, Understood};
use crate::query::TypeCatalog;
use crate::report::activity::doing;
use crate::report::{Failure, Stop};
use crate::schema::Schema;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

/// A migrated database that can be attacked many times.
#[derive(Debug)]
pub struct Prover {
    /// The connection comes first: it closes before the server stops.
    connection: PgConnection,
    database: ThrowawayDatabase,
    understood: Understood,
}

impl Prover {
    /// Migrates a throwaway database and analyses the queries.
    ///
    /// # Errors
    /// [`Stop::Diagnostics`] if the project is wrong; [`Stop::Failure`] if something is wrong with the machine.
    ///
    /// # Cancellation
    /// Dropping the future stops and removes the server.
    pub async fn open(root: &std::path::Path, server: Option<&str>) -> Result<Self, Stop> {
        let (database, mut understood) =
            Box::pin(pipeline::understand_and_keep_database(root, server)).await?;
        if let Err(stop) = std::mem::take(&mut understood.findings).into_warnings() {
            database.stop().await?;
            return Err(stop);
        }
        // A setting that was once set in a session never becomes missing, so the attacks have a session of their own.
        match database.connect().await {
            Ok(connection) => Ok(Self {
                connection,
                database,
                understood,
            }),
            Err(failure) => {
                database.stop().await?;
                Err(failure.into())
            }
        }
    }

    /// Attacks every object in `focus`, after `change` was made to the schema. Nothing is kept.
    ///
    /// # Errors
    /// As [`prove`](super::prove), and if Postgres refuses the change.
    ///
    /// # Cancellation
    /// The transaction is rolled back before the next proof.
    pub async fn prove(&mut self, change: Option<&str>, focus: &Focus) -> Result<Proof, Stop> {
        let mut transaction = self
            .connection
            .begin()
            .await
            .map_err(Failure::connection(DOING))?;
        let proof = prove_in(
            &mut transaction,
            &self.understood,
            &self.database.created_roles,
            change,
            focus,
        )
        .await;
        transaction
            .rollback()
            .await
            .map_err(Failure::connection(DOING))?;
        proof
    }

    /// Runs the script of a leak again, on the rows of its proof, after `change` was made to the schema: gives its output.
    ///
    /// # Errors
    /// If Postgres refuses a statement.
    ///
    /// # Cancellation
    /// The transaction is rolled back before the next proof.
    pub async fn replay(
        &mut self,
        change: Option<&str>,
        proof: &Proof,
        leak: &Attack,
    ) -> Result<String, Failure> {
        let failed = || Failure::connection("repeating a leak");
        let mut transaction = self.connection.begin().await.map_err(failed())?;
        let rows = proof.rows.iter().map(|sql| format!("{sql};\n"));
        let sql: String = change
            .map(|sql| format!("{sql};\n"))
            .into_iter()
            .chain(rows)
            .collect();
        let prepared = sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut *transaction)
            .await;
        prepared.map_err(failed())?;
        // The transaction around it stands for those of the script.
        let script = leak.script.replace("COMMIT;\nBEGIN;\n", "");
        let script = script
            .trim_start_matches("BEGIN;\n")
            .trim_end_matches("ROLLBACK;\n")
            .to_owned();
        let answers = sqlx::raw_sql(AssertSqlSafe(script))
            .fetch_all(&mut *transaction)
            .await;
        let output = answers.map_err(failed())?.iter().map(write_row).collect();
        transaction.rollback().await.map_err(failed())?;
        Ok(output)
    }

    /// The schema that the migrations build.
    pub fn schema(&self) -> &Schema {
        &self.understood.schema
    }

    /// Stops the server and waits until it is removed.
    ///
    /// # Errors
    /// If something is left behind.
    ///
    /// # Cancellation
    /// Dropping the future still removes the server.
    pub async fn close(self) -> Result<(), Failure> {
        // The server would wait for a connection that is open.
        self.connection
            .close()
            .await
            .map_err(Failure::connection(DOING))?;
        self.database.stop().await
    }
}

/// A row of the simple protocol, whose values are texts.
fn write_row(row: &PgRow) -> String {
    let cells = (0..row.len()).filter_map(|index| {
        let value = row.try_get_raw(index).ok()?;
        value.as_str().ok().map(str::to_owned)
    });
    cells.collect::<Vec<_>>().join(" ") + "\n"
}

const DOING: &str = "proving the isolation";

async fn prove_in(
    connection: &mut PgConnection,
    understood: &Understood,
    created_roles: &[String],
    change: Option<&str>,
    focus: &Focus,
) -> Result<Proof, Stop> {
    let Some(change) = change else {
        return prove_schema(
            connection,
            understood,
            (understood.schema.as_ref(), understood.types.as_ref()),
            focus,
        )
        .await;
    };
    let changed = sqlx::raw_sql(AssertSqlSafe(change.to_owned()))
        .execute(&mut *connection)
        .await;
    changed.map_err(Failure::connection("changing the schema"))?;
    let schema = read_whole(connection, created_roles).await?;
    let types = TypeCatalog::read(connection).await?;
    prove_schema(connection, understood, (&schema, &types), focus).await
}

async fn prove_schema(
    connection: &mut PgConnection,
    understood: &Understood,
    (schema, types): (&Schema, &TypeCatalog),
    focus: &Focus,
) -> Result<Proof, Stop> {
    let project = &understood.project;
    let found = find_tenants(project, schema, types).map_err(Stop::Diagnostics)?;
    let Some(tenants) = found else {
        return Ok(Proof::default());
    };
    let migrations = project.paths().migrations.clone();
    let seed = read_seed(understood)?;
    let at = doing("making two tenants");
    let mut filled = Filled::default();
    let rows = fill_all(connection, &tenants, schema, &mut filled, seed.as_deref()).await?;
    let at = at.then("attacking the tenants");
    let mut campaigns = Vec::new();
    for scope in &tenants.scopes {
        let targets =
            read_targets(connection, schema, &tenants, scope, &understood.queries).await?;
        campaigns.push(begin_campaign(
            &tenants, scope, targets, &filled, &rows.both,
        ));
    }
    for campaign in &mut campaigns {
        campaign
            .attack(connection, (&tenants, &filled, &rows.both), focus)
            .await?;
    }
    let _at = at.then("attacking without the other tenant");
    rows::undo_other_tenant(connection)
        .await
        .map_err(Failure::connection(DOING))?;
    note_rows(connection, &rows.first).await?;
    let mut proof = Proof {
        migrations,
        ..Proof::default()
    };
    for mut campaign in campaigns {
        let differing = campaign.compare(connection).await?;
        campaign.judge_differences((&tenants, &filled, &rows.both), &differing);
        proof.attacks += campaign.tally.count();
        proof.scopes.push(campaign.scope.name.clone());
        let place = (campaign.scope.name.as_str(), &tenants);
        proof.verdicts.extend(campaign.tally.into_verdicts(
            place,
            &campaign.targets,
            &filled.unfilled,
        ));
    }
    apply_exceptions(understood, &mut proof);
    proof.unfilled = filled.describe_unfilled(&tenants);
    proof.rows = filled.script;
    Ok(proof)
}

fn begin_campaign<'s>(
    tenants: &Tenants<'_>,
    scope: &'s ProvedScope,
    targets: Targets<'s>,
    filled: &Filled,
    rows: &[StoredRow],
) -> Campaign<'s> {
    let words = [LARGE_OBJECT.to_owned()];
    Campaign::new(tenants, scope, targets, (filled, rows), &words)
}

fn apply_exceptions(understood: &Understood, proof: &mut Proof) {
    let exceptions = &understood.project.config.prove.except;
    for verdict in &mut proof.verdicts {
        let mut named = exceptions.iter();
        let reason = named.find(|(object, _)| *object.get_ref() == verdict.object);
        if let (Some((_, reason)), AttackResult::Leak(_)) = (reason, &verdict.finding) {
            verdict.finding = AttackResult::Excepted(reason.get_ref().clone());
        }
    }
}
