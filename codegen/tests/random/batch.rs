//! A batch against its statement for one element after the other.
//!
//! They have the same effects if no element meets the changes of another. So every element is tried alone as well: where the rows that
//! elements change are different ones, and running them one after the other gives the same as alone, the batch has to give that too.

use std::collections::BTreeMap;

use fastrand::Rng;
use sqlx::{PgConnection, Row as _};
use xact_codegen::query::Finished;
use xact_codegen::query::{Bulk, BulkForm, BulkValue, TypeCatalog};

use super::claims::{self, Broken, Claim};
use super::run::{self, Argument, Refusal};
use super::world::World;

/// The effects that are compared.
pub(super) struct Bench<'b> {
    pub(super) connection: &'b mut PgConnection,
    pub(super) world: &'b World,
    pub(super) types: &'b TypeCatalog,
}

/// The outcome.
pub(super) enum Compared {
    /// A statement fails, or an element meets the changes of another.
    Not,
    Same,
    Other(Broken),
}

/// Rows by where they are stored: a row that is changed is stored elsewhere.
type Stored = BTreeMap<String, String>;

/// The effects of statements.
struct Effect {
    /// The rows of RETURNING, in an order of their own.
    returned: Vec<String>,
    stored: Stored,
    broken: Option<Broken>,
}

impl Effect {
    /// The places of stored rows that were deleted or changed.
    fn left<'s>(&self, before: &'s Stored) -> Vec<&'s String> {
        let kept = |place: &&String| !self.stored.contains_key(*place);
        before.keys().filter(kept).collect()
    }

    /// The rows that are new, in an order of their own.
    fn new_rows(&self, before: &Stored) -> Vec<&String> {
        let new = self
            .stored
            .iter()
            .filter(|(place, _)| !before.contains_key(*place));
        let mut rows: Vec<&String> = new.map(|(_, row)| row).collect();
        rows.sort();
        rows
    }
}

/// The name under which the statement for one element is prepared.
pub(super) fn name_of_one(name: &str) -> String {
    format!("{name}_one")
}

impl Bench<'_> {
    /// Compares a batch with its statement, on the rows of the open transaction.
    pub(super) async fn compare(
        &mut self,
        name: &str,
        typed: &Finished,
        rng: &mut Rng,
    ) -> Compared {
        let compared = self.try_compare(name, typed, rng).await;
        compared.unwrap_or(Compared::Not)
    }

    async fn try_compare(
        &mut self,
        name: &str,
        typed: &Finished,
        rng: &mut Rng,
    ) -> Option<Compared> {
        let bulk = typed.bulk.as_ref()?;
        let elements: Option<Vec<_>> = (0..rng.usize(1..4))
            .map(|_| run::arguments(typed, self.types, rng))
            .collect();
        let elements = elements?;
        let one = name_of_one(name);
        let calls: Vec<String> = elements
            .iter()
            .map(|element| run::call(&one, &run::written(typed, self.types, element)))
            .collect();
        let whole = run::call(name, &slices(bulk, &elements, self.types)?);

        let before = self.effect(typed, &[]).await.ok()?.stored;
        let mut alone = Vec::new();
        for call in &calls {
            alone.push(self.effect(typed, std::slice::from_ref(call)).await.ok()?);
        }
        let in_turn = self.effect(typed, &calls).await.ok()?;
        if let Some(broken) = in_turn.broken {
            return Some(Compared::Other(broken));
        }
        if !is_sum(&alone, &in_turn, &before) {
            return None;
        }
        let how = match self.effect(typed, std::slice::from_ref(&whole)).await {
            Err(Refusal::OfValue) => return None,
            Err(Refusal::Other(refusal)) => {
                let choice = self.world.choice(&typed.query.sql.text);
                matches!(choice, Choice::None).then_some(refusal)
            }
            Ok(Effect {
                broken: Some(broken),
                ..
            }) => return Some(Compared::Other(broken)),
            Ok(batch) => difference(typed, self.world, &in_turn, &batch, &before),
        };
        let Some(how) = how else {
            return Some(Compared::Same);
        };
        let claim = Claim::Batch;
        let how = format!("{how}\n{whole}\n{}", calls.join("\n"));
        Some(Compared::Other(Broken { claim, how }))
    }

    /// What these calls do, one after the other; none if one fails.
    async fn effect(&mut self, typed: &Finished, calls: &[String]) -> Result<Effect, Refusal> {
        run::execute(self.connection, &self.world.back()).await;
        let mut returned = Vec::new();
        for call in calls {
            returned.extend(run::rows_or_refusal(self.connection, call.clone()).await?);
        }
        let stored = run::rows_or_refusal(self.connection, self.world.stored_rows()).await?;
        let stored = stored.iter().map(|row| (row.get(0), row.get(1)));
        Ok(Effect {
            stored: stored.collect(),
            broken: claims::broken_values(typed, &returned).into_iter().next(),
            returned: run::texts(&returned),
        })
    }
}

/// The arrays that are the parameters of a batch.
fn slices(bulk: &Bulk, elements: &[Vec<Argument>], types: &TypeCatalog) -> Option<Vec<String>> {
    let mut slices = Vec::new();
    for value in &bulk.values {
        let arguments: Vec<&Argument> = elements
            .iter()
            .map(|element| &element[value.parameter])
            .collect();
        let sql_type = &types.get(value.type_oid)?.sql_name;
        match value.shape {
            BulkForm::Value => {
                let values: Vec<&str> = arguments.into_iter().map(plain).collect();
                slices.push(format!("ARRAY[{}]::{sql_type}[]", values.join(", ")));
            }
            BulkForm::List => slices.extend(lists(value, &arguments, types)?),
        }
    }
    Some(slices)
}

fn plain(argument: &Argument) -> &'static str {
    match argument {
        Argument::Value(value) => value,
        _ => "NULL",
    }
}

/// Where each list begins and ends in the array of all, and that array.
fn lists(value: &BulkValue, arguments: &[&Argument], types: &TypeCatalog) -> Option<[String; 3]> {
    let (mut from, mut to, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for argument in arguments {
        let Argument::List(values) = argument else {
            from.push("NULL".to_owned());
            to.push("NULL".to_owned());
            continue;
        };
        from.push((all.len() + 1).to_string());
        all.extend(values.iter().copied());
        to.push(all.len().to_string());
    }
    let sql_type = &types.get(value.type_oid)?.sql_name;
    let bounds = [from, to].map(|bounds| format!("ARRAY[{}]::int4[]", bounds.join(", ")));
    let [from, to] = bounds;
    Some([from, to, format!("ARRAY[{}]::{sql_type}[]", all.join(", "))])
}

/// Whether running them one after the other has the effects of each alone, so that no element meets another.
fn is_sum(alone: &[Effect], in_turn: &Effect, before: &Stored) -> bool {
    let mut left: Vec<&String> = alone
        .iter()
        .flat_map(|effect| effect.left(before))
        .collect();
    let mut new: Vec<&String> = alone
        .iter()
        .flat_map(|effect| effect.new_rows(before))
        .collect();
    let mut returned: Vec<&String> = alone.iter().flat_map(|effect| &effect.returned).collect();
    left.sort();
    new.sort();
    returned.sort();
    let own = left.windows(2).all(|pair| pair[0] != pair[1]);
    own && left == in_turn.left(before)
        && new == in_turn.new_rows(before)
        && returned.into_iter().eq(&in_turn.returned)
}

/// How a batch differs.
fn difference(
    typed: &Finished,
    world: &World,
    in_turn: &Effect,
    batch: &Effect,
    before: &Stored,
) -> Option<String> {
    let (expected, found) = (in_turn.left(before), batch.left(before));
    let text = &typed.query.sql.text;
    match world.choice(text) {
        // Which of the rows it is joined with changes a row is for Postgres to choose, but not which rows are changed.
        Choice::OfJoined if world.is_quiet(text) => {
            return (expected != found).then(|| format!("changes {found:?}, not {expected:?}"));
        }
        Choice::OfJoined | Choice::Free => return None,
        Choice::None => {}
    }
    if expected != found {
        return Some(format!("changes {found:?}, not {expected:?}"));
    }
    let (expected, found) = (in_turn.new_rows(before), batch.new_rows(before));
    if expected != found {
        return Some(format!("stores {found:#?}, not {expected:#?}"));
    }
    let (expected, found) = (&in_turn.returned, &batch.returned);
    (expected != found).then(|| format!("gives {found:#?}, not {expected:#?}"))
}

/// The parts of a statement's result that depend on the plan.
pub(super) enum Choice {
    None,
    /// Which of several joined rows changes a row.
    OfJoined,
    /// Which rows a LIMIT keeps, in which order an aggregate sees them, and the like.
    Free,
}

/// By the words of the statement alone.
pub(super) fn choice(sql: &str) -> Choice {
    let free = [
        "LIMIT",
        "OFFSET",
        "FETCH",
        "DISTINCT ON",
        "OVER",
        "_agg",
        "ARRAY(",
        "ORDINALITY",
    ];
    let joined = sql.starts_with("UPDATE") && sql.contains(" FROM ");
    if free.iter().any(|word| sql.contains(word)) {
        Choice::Free
    } else if joined || sql.contains(" USING ") {
        Choice::OfJoined
    } else {
        Choice::None
    }
}
