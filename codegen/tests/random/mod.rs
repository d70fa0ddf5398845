//! The promises of the analysis, on random schemas, statements, rows and arguments.
//!
//! ```text
//! kinds       types and their values             table, objects, world   a schema
//! writer      names in sight                     grammar, expression, from, select, modify, statement
//! claims      the tool's claims, and rows        run            rows and arguments
//! batch       `:batch` against one by one        twin           columns in another order
//! shrink      the smallest statement that breaks a claim
//! exploration one schema: all of that in turn
//! ```
//! The same seed gives the same schema, statements and rows. `XACT_RANDOM_SECONDS` lets it run for so long,
//! `XACT_RANDOM_SEED` begins elsewhere, and `XACT_POSTGRES_BIN` chooses the server.

mod kinds;

mod objects;
mod table;
mod world;

mod expression;
mod from;
mod modify;
mod select;
mod statement;
mod writer;

mod claims;
mod run;

mod batch;
mod shrink;
mod twin;

mod exploration;

use std::collections::BTreeSet;
use std::env::var;
use std::time::{Duration, Instant};

use fastrand::Rng;
use sqlx::PgConnection;
use xact::testing::TestDatabase;
use xact_codegen::query::Finished;
use xact_codegen::query::analysis::Cardinality;

use claims::Claim;
use exploration::Exploration;
use statement::Statement;

/// How many schemas there are without `XACT_RANDOM_SECONDS`.
const WORLDS: u64 = 4;
/// Statements of each schema; every fifth is a batch.
const STATEMENTS: usize = 150;
/// Where a run ends that finds one thing after the other.
const ENOUGH: usize = 40;

/// The claims that are broken, each with its statement, in words for people.
type Findings = BTreeSet<String>;

/// The counts of an exploration.
#[derive(Debug, Default)]
struct Count {
    worlds: usize,
    written: usize,
    accepted: usize,
    runs: usize,
    succeeded: usize,
    batches: usize,
    twins: usize,
}

/// The test can fail: a claim that is too strong is found out.
#[tokio::test]
async fn claims_that_are_too_strong_are_broken() {
    let no_migrations = tempfile::tempdir().unwrap();
    let test = TestDatabase::isolated_from(&no_migrations).await.unwrap();
    let mut connection = test.connect().await.unwrap();
    let mut rng = Rng::with_seed(1);
    let mut exploration = Exploration::new(&mut connection, 1, &mut rng).await;
    let statements = statements(&exploration, &mut rng);
    let mut analysed = exploration.analysed(&statements).await;
    for (number, typed) in analysed.iter_mut().enumerate() {
        if let Some(typed) = typed {
            overstate(typed, number);
        }
    }
    let broken = exploration.judge(&analysed, &mut Count::default()).await;
    let claims: BTreeSet<Claim> = broken.values().map(|(broken, _)| broken.claim).collect();
    let expected = [
        Claim::NeverNull,
        Claim::NoNullElement,
        Claim::AtMostOneRow,
        Claim::ExactlyOneRow,
        Claim::Columns,
        Claim::Batch,
    ];
    assert_eq!(claims, BTreeSet::from(expected));
}

/// Claims more than was proved, of each statement something else.
fn overstate(typed: &mut Finished, number: usize) {
    let evidence = "it was made up".to_owned();
    if let Some(bulk) = &mut typed.bulk {
        // As if the slice were joined with relations that need not match it.
        bulk.sql = bulk.sql.replace("unnest($1", "unnest($1 || $1");
        return;
    }
    match number % 15 {
        0..3 => typed.cardinality = Cardinality::ExactlyOne { evidence },
        5..8 => typed.cardinality = Cardinality::AtMostOne { evidence },
        8 => typed.columns.reverse(),
        10..12 => typed
            .columns
            .iter_mut()
            .for_each(|column| column.elements_nullable = false),
        _ => typed
            .columns
            .iter_mut()
            .for_each(|column| column.nullable = false),
    }
}

/// The statements for a schema.
fn statements(exploration: &Exploration<'_>, rng: &mut Rng) -> Vec<Statement> {
    let world = &exploration.world;
    let one = |number: usize| match number % 5 {
        4 => statement::batch(world, rng.fork()),
        _ => statement::any(world, rng.fork()),
    };
    (0..STATEMENTS).map(one).collect()
}

#[tokio::test]
async fn no_claim_is_broken_by_random_statements_on_random_rows() {
    let no_migrations = tempfile::tempdir().unwrap();
    let test = TestDatabase::isolated_from(&no_migrations).await.unwrap();
    let number = |name: &str| var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let first = number("XACT_RANDOM_SEED").unwrap_or(1);
    let until =
        number("XACT_RANDOM_SECONDS").map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let goes_on = |seed: u64| match until {
        Some(until) => Instant::now() < until,
        None => seed < first + WORLDS,
    };
    let mut findings = Findings::new();
    let mut count = Count::default();
    let mut seed = first;
    while goes_on(seed) && findings.len() < ENOUGH {
        // One connection each, because sqlx keeps statements by their text.
        let mut connection = test.connect().await.unwrap();
        explore(&mut connection, seed, &mut count, &mut findings).await;
        seed += 1;
    }
    println!("seeds {first}..{seed}: {count:?}");
    let all: Vec<String> = findings.into_iter().collect();
    assert!(
        all.is_empty(),
        "{} claims are broken\n\n{}",
        all.len(),
        all.join("\n\n")
    );
    assert!(
        count.accepted * 4 > count.written,
        "most statements are refused: {count:?}"
    );
    assert!(
        count.succeeded * 3 > count.runs,
        "most statements fail: {count:?}"
    );
}

async fn explore(
    connection: &mut PgConnection,
    seed: u64,
    count: &mut Count,
    findings: &mut Findings,
) {
    let mut rng = Rng::with_seed(seed);
    let mut exploration = Exploration::new(connection, seed, &mut rng).await;
    let statements = statements(&exploration, &mut rng);
    let analysed = exploration.analysed(&statements).await;
    count.worlds += 1;
    count.written += statements.len();
    count.accepted += analysed.iter().flatten().count();
    let broken = exploration.judge(&analysed, count).await;
    for (number, (broken, filling)) in broken {
        let finding = exploration
            .reduced(&statements[number], &broken, filling)
            .await;
        findings.insert(finding);
    }
}
