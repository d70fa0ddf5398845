//! `xact migrate diff` on random schemas and random edits of them, judged without its help.
//!
//! ```text
//! kinds                                       every kind of part, and how often it is drawn
//! types, rare, relations, columns,
//! table_parts, attached                       the statements of each kind, written with a `pen`
//! world                                       a schema: parts, edited and left out
//! judge                                       the command's answer, and whether it is right
//! shrink                                      the smallest pair that has the same fault
//! ```
//! The same seed gives the same pair. `XACT_RANDOM_PAIRS` says how many there are, `XACT_RANDOM_SEED` begins elsewhere,
//! `XACT_RANDOM_SHRINK` how many pairs are shrunk (with 0, each is printed whole instead), and `XACT_POSTGRES_BIN` chooses the server.
#![expect(
    clippy::unnecessary_wraps,
    reason = "the writers of all kinds have one signature, because they are values of one table"
)]
#![expect(
    clippy::assigning_clones,
    reason = "a detail is a new text, shorter to read than a copy into the old one"
)]

mod judge;
mod pen;
mod shrink;
mod world;

mod attached;
mod columns;
mod kinds;
mod rare;
mod relations;
mod table_parts;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::env::var;
use std::fmt::Write as _;

use fastrand::Rng;
use sqlx::{Connection as _, PgConnection};

use crate::server;
use judge::{Outcome, Target, judge};
use world::{World, run_sql};

/// How many pairs there are without `XACT_RANDOM_PAIRS`.
const PAIRS: u64 = 10;
/// Kinds that most others need, so that a schema does not stay small for the lack of them.
const FIRST: &[(&str, usize)] = &[
    ("schema", 1),
    ("function", 1),
    ("trigger function", 1),
    ("table", 3),
    ("column", 12),
    ("key", 3),
    ("view", 1),
];
/// How many random parts are tried in addition.
const PARTS: std::ops::Range<usize> = 30..100;
/// How many edits there are.
const EDITS: std::ops::Range<usize> = 1..7;

/// An old schema and a new one.
#[derive(Clone, Debug)]
struct Pair {
    old: World,
    new: World,
    target: Target,
}

impl Pair {
    /// Draws a pair, of which Postgres takes both schemas.
    async fn draw(seed: u64, connection: &mut PgConnection) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut old = World::default();
        for (word, count) in FIRST {
            for _ in 0..*count {
                old.add_kind(word, &mut rng);
            }
        }
        for _ in 0..rng.usize(PARTS) {
            old.add_part(&mut rng);
        }
        old.settle(connection).await;
        let mut new = old.clone();
        for _ in 0..rng.usize(EDITS) {
            edit_world(&mut new, &mut rng);
        }
        new.settle(connection).await;
        let target = if seed.is_multiple_of(2) {
            Target::Dumped
        } else {
            Target::Written
        };
        Self { old, new, target }
    }

    fn keys(&self) -> BTreeSet<String> {
        let parts = self.old.parts.iter().chain(&self.new.parts);
        parts.map(world::Part::key).collect()
    }

    /// The keys of the parts that differ.
    fn edits(&self) -> Vec<String> {
        let (old, new) = (self.old.by_key(), self.new.by_key());
        let keys = self.keys().into_iter();
        let sql = |world: &BTreeMap<String, &world::Part>, key: &String| {
            world.get(key).map(|part| part.sql.clone())
        };
        keys.filter(|key| sql(&old, key) != sql(&new, key))
            .collect()
    }

    async fn judge(&self) -> Outcome {
        judge(&self.old.script(), &self.new.script(), self.target).await
    }

    fn script(&self) -> String {
        format!(
            "{}-- becomes ({:?})\n{}",
            self.old.script(),
            self.target,
            self.new.script()
        )
    }
}

/// Drops, changes or adds a part.
fn edit_world(world: &mut World, rng: &mut Rng) {
    let keys: Vec<String> = world.parts.iter().map(world::Part::key).collect();
    let key = rng.choice(&keys).cloned().unwrap_or_default();
    match rng.u8(0..100) {
        0..25 => world.drop_part(&key),
        25..65 => {
            world.redraw_part(&key, rng);
        }
        _ => {
            world.add_part(rng);
        }
    }
}

/// What was found, by its group: how often, and the first seed.
#[derive(Debug, Default)]
struct Findings {
    wrong: BTreeMap<String, Vec<u64>>,
    refused: BTreeMap<String, Vec<u64>>,
    invalid: BTreeMap<String, Vec<u64>>,
    proved: usize,
    same: usize,
}

impl Findings {
    fn note(&mut self, seed: u64, outcome: Outcome) {
        let groups = match outcome {
            Outcome::Proved => return self.proved += 1,
            Outcome::Same => return self.same += 1,
            Outcome::Refused { group, .. } => self.refused.entry(group),
            Outcome::Wrong { group, .. } => self.wrong.entry(group),
            Outcome::Invalid(error) => self.invalid.entry(error),
        };
        groups.or_default().push(seed);
    }
}

fn count(groups: &BTreeMap<String, Vec<u64>>) -> usize {
    groups.values().map(Vec::len).sum()
}

/// Groups as text, the most frequent first; so many of them with a pair that was shrunk.
async fn tell_groups(
    title: &str,
    groups: &BTreeMap<String, Vec<u64>>,
    shrunk: &mut u64,
    connection: &mut PgConnection,
) -> String {
    let mut sorted: Vec<_> = groups.iter().collect();
    sorted.sort_by_key(|(_, seeds)| std::cmp::Reverse(seeds.len()));
    let mut text = String::new();
    for (group, seeds) in sorted {
        let _ = write!(
            text,
            "\n{title} {} times, seeds {seeds:?}: {group}\n",
            seeds.len()
        );
        if *shrunk == 0 {
            continue;
        }
        *shrunk -= 1;
        let pair = Pair::draw(seeds[0], connection).await;
        let outcome = pair.judge().await;
        let smallest = shrink::shrink(&pair, async |pair: &Pair| {
            pair.judge().await.is_like(&outcome)
        })
        .await;
        let why = match smallest.judge().await {
            Outcome::Wrong { why, .. } | Outcome::Refused { why, .. } => why,
            other => format!("{other:?}"),
        };
        let _ = write!(text, "{why}\n{}", smallest.script());
    }
    text
}

#[tokio::test]
async fn random_edits_of_random_schemas_are_proved_or_refused_and_never_wrong() {
    let number = |name: &str| var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let first = number("XACT_RANDOM_SEED").unwrap_or(1);
    let pairs = number("XACT_RANDOM_PAIRS").unwrap_or(PAIRS);
    let mut shrunk = number("XACT_RANDOM_SHRINK").unwrap_or(1);
    let mut connection = PgConnection::connect(server::url().await).await.unwrap();
    create_roles(&mut connection).await;
    let mut findings = Findings::default();
    for seed in first..first + pairs {
        let pair = Pair::draw(seed, &mut connection).await;
        let outcome = pair.judge().await;
        if let Outcome::Refused { group, why } | Outcome::Wrong { group, why } = &outcome {
            // At once, because a long run may be stopped.
            eprintln!("seed {seed}: {group}");
            if shrunk == 0 {
                eprintln!("{why}\n--- pair\n{}", pair.script());
            }
        }
        findings.note(seed, outcome);
    }
    let wrong = tell_groups("WRONG", &findings.wrong, &mut shrunk, &mut connection).await;
    let refused = tell_groups("REFUSED", &findings.refused, &mut shrunk, &mut connection).await;
    let invalid = tell_groups("INVALID", &findings.invalid, &mut 0, &mut connection).await;
    println!("{wrong}{refused}{invalid}");
    println!(
        "seeds {first}..{}: {} proved, {} the same, {} refused, {} wrong, {} invalid",
        first + pairs,
        findings.proved,
        findings.same,
        count(&findings.refused),
        count(&findings.wrong),
        count(&findings.invalid),
    );
    assert!(findings.wrong.is_empty(), "{wrong}");
    assert!(
        count(&findings.invalid) * 10 <= usize::try_from(pairs).unwrap(),
        "{invalid}"
    );
}

/// Roles belong to the server: the schemas only mention them.
async fn create_roles(connection: &mut PgConnection) {
    for role in ["reader", "writer"] {
        let sql = format!(
            "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        );
        run_sql(connection, &sql).await.unwrap();
    }
}
