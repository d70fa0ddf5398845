//! One random schema: its statements tried on rows, compared, and made smaller where they break a claim.

use std::collections::BTreeMap;

use fastrand::Rng;
use sqlx::{Connection as _, PgConnection};
use xact_codegen::query::Finished;
use xact_codegen::query::TypeCatalog;

use super::Count;
use super::batch::{self, Bench, Compared};
use super::claims::{self, Broken};
use super::statement::Statement;
use super::twin::{self, Outcome};
use super::world::World;
use super::{run, shrink};

/// How often the tables of a schema are filled; the first time with nothing.
const FILLINGS: u64 = 4;
/// How often each statement runs on each filling.
const RUNS: usize = 2;
/// How many arguments a statement is tried with again.
const ATTEMPTS: usize = 8;

/// One schema and its statements.
pub(super) struct Exploration<'e> {
    pub(super) connection: &'e mut PgConnection,
    seed: u64,
    pub(super) world: World,
    pub(super) types: TypeCatalog,
    /// The statements that fill the tables.
    fillings: Vec<Vec<String>>,
}

impl<'e> Exploration<'e> {
    pub(super) async fn new(connection: &'e mut PgConnection, seed: u64, rng: &mut Rng) -> Self {
        run::execute(connection, twin::NAMESPACES).await;
        run::execute(connection, "BEGIN").await;
        let version: (String,) = sqlx::query_as("SHOW server_version_num")
            .fetch_one(&mut *connection)
            .await
            .unwrap();
        let world = World::build(connection, version.0.parse().unwrap(), rng).await;
        run::execute(connection, "COMMIT").await;
        let mut fillings = vec![Vec::new()];
        for _ in 1..FILLINGS {
            run::execute(connection, "BEGIN").await;
            fillings.push(world.fill(connection, rng).await);
            run::execute(connection, "ROLLBACK").await;
        }
        let types = TypeCatalog::read(connection).await.unwrap();
        Self {
            connection,
            seed,
            world,
            types,
            fillings,
        }
    }

    /// What the tool says of each statement; nothing of one that it refuses.
    pub(super) async fn analysed(&mut self, statements: &[Statement]) -> Vec<Option<Finished>> {
        claims::analysed(self.connection, &self.types, statements).await
    }

    /// The first claim that each statement breaks, with the filling where it does.
    pub(super) async fn judge(
        &mut self,
        analysed: &[Option<Finished>],
        count: &mut Count,
    ) -> BTreeMap<usize, (Broken, usize)> {
        let mut found = BTreeMap::new();
        let mut outcomes = Vec::new();
        let numbered = analysed.iter().enumerate();
        let typed: Vec<_> = numbered
            .filter_map(|(number, typed)| Some((number, typed.as_ref()?)))
            .collect();
        for (number, typed) in &typed {
            self.prepare(&name(*number), typed).await;
        }
        for filling in 0..self.fillings.len() {
            run::begin(self.connection, &self.fillings[filling]).await;
            for (number, typed) in &typed {
                if found.contains_key(number) {
                    continue;
                }
                let mut rng = self.arguments_of(*number, filling);
                let (broken, outcome) = self
                    .try_statement(&name(*number), typed, &mut rng, count)
                    .await;
                found.extend(broken.map(|broken| (*number, (broken, filling))));
                outcomes.extend(outcome.map(|outcome| (*number, filling, outcome)));
            }
            run::execute(self.connection, "ROLLBACK").await;
        }
        self.compare_with_twin(analysed, &outcomes, count, &mut found)
            .await;
        found
    }

    /// Compares the results of the statements with those on a schema whose columns have another order.
    async fn compare_with_twin(
        &mut self,
        analysed: &[Option<Finished>],
        outcomes: &[(usize, usize, Outcome)],
        count: &mut Count,
        found: &mut BTreeMap<usize, (Broken, usize)>,
    ) {
        let mut rng = Rng::with_seed(self.seed);
        if !twin::build(self.connection, &self.world, &mut rng).await {
            return;
        }
        count.twins += 1;
        for filling in 1..self.fillings.len() {
            if !twin::begin(self.connection, &self.fillings[filling]).await {
                continue;
            }
            for (number, _, outcome) in outcomes.iter().filter(|(_, own, _)| *own == filling) {
                let Some(typed) = &analysed[*number] else {
                    continue;
                };
                if let Some(broken) = outcome.compare(self.connection, &self.world, typed).await {
                    found.entry(*number).or_insert((broken, filling));
                }
            }
            run::execute(self.connection, "ROLLBACK").await;
        }
        run::execute(self.connection, "SET search_path = world").await;
    }

    async fn prepare(&mut self, name: &str, typed: &Finished) {
        run::prepare(self.connection, name, &typed.sent()).await;
        if typed.bulk.is_some() {
            let one = batch::name_of_one(name);
            run::prepare(self.connection, &one, &typed.query.sql.text).await;
        }
    }

    fn arguments_of(&self, statement: usize, filling: usize) -> Rng {
        let numbers = (self.seed << 20) + ((statement as u64) << 8) + filling as u64;
        Rng::with_seed(numbers)
    }

    /// Runs a statement that is prepared, on the rows of the open transaction. Gives a claim that it breaks, or else what
    /// it gave.
    async fn try_statement(
        &mut self,
        name: &str,
        typed: &Finished,
        rng: &mut Rng,
        count: &mut Count,
    ) -> (Option<Broken>, Option<Outcome>) {
        let mut outcome = None;
        for _ in 0..RUNS {
            if typed.bulk.is_some() {
                let mut bench = Bench {
                    connection: &mut *self.connection,
                    world: &self.world,
                    types: &self.types,
                };
                let compared = bench.compare(name, typed, rng).await;
                count.batches += usize::from(matches!(compared, Compared::Same));
                if let Compared::Other(broken) = compared {
                    return (Some(broken), None);
                }
                continue;
            }
            let Some(arguments) = run::arguments(typed, &self.types, rng) else {
                break;
            };
            let arguments = run::written(typed, &self.types, &arguments);
            let call = run::call(name, &arguments);
            count.runs += 1;
            let sql = format!("{}; {call}", self.world.back());
            let Some(rows) = run::rows(self.connection, sql).await else {
                continue;
            };
            count.succeeded += 1;
            if let Some(mut broken) = claims::broken(typed, &rows).into_iter().next() {
                broken.how = format!("{}\n{call}", broken.how);
                return (Some(broken), None);
            }
            outcome = Some(Outcome::of(name, &arguments, &rows));
        }
        (None, outcome)
    }

    /// A broken claim with the smallest statement that breaks it, and all that it takes to see that.
    pub(super) async fn reduced(
        &mut self,
        statement: &Statement,
        broken: &Broken,
        filling: usize,
    ) -> String {
        let smallest = shrink::shrink(&statement.text, async |text: &str| {
            self.again(statement.command, text, filling)
                .await
                .is_some_and(|again| again.claim == broken.claim)
        })
        .await;
        let again = self.again(statement.command, &smallest, filling).await;
        let how = again.map_or_else(|| format!("{} (not again)", broken.how), |again| again.how);
        format!(
            "{:?}: {how}\n  {smallest}\n  seed {}, of {}\n{}\n{};",
            broken.claim,
            self.seed,
            statement.text,
            self.world.script(),
            self.fillings[filling].join(";\n"),
        )
    }

    /// The claim that a statement breaks on one filling, with more arguments than at first.
    async fn again(&mut self, command: &'static str, text: &str, filling: usize) -> Option<Broken> {
        let text = text.to_owned();
        let statement = Statement { command, text };
        let analysed = self.analysed(&[statement]).await;
        let typed = analysed.into_iter().next().flatten()?;
        run::execute(self.connection, "DEALLOCATE ALL").await;
        self.connection.clear_cached_statements().await.unwrap();
        self.prepare("again", &typed).await;
        let mut rng = Rng::with_seed(self.seed);
        run::begin(self.connection, &self.fillings[filling]).await;
        let mut found = None;
        let mut outcome = None;
        for _ in 0..ATTEMPTS {
            let count = &mut Count::default();
            (found, outcome) = self.try_statement("again", &typed, &mut rng, count).await;
            if found.is_some() {
                break;
            }
        }
        run::execute(self.connection, "ROLLBACK").await;
        if let (None, Some(outcome)) = (&found, outcome)
            && twin::begin(self.connection, &self.fillings[filling]).await
        {
            found = outcome.compare(self.connection, &self.world, &typed).await;
            run::execute(self.connection, "ROLLBACK; SET search_path = world").await;
        }
        found
    }
}

/// The name that a statement is prepared under.
fn name(number: usize) -> String {
    format!("q{number}")
}
