//! The variants of a shape that are prepared and analysed.
//!
//! All of them where there are few. Of many: without parts, each part alone, each missing alone, every pair, every alternative
//! with none and with all, and a sample. Conditions have no negation, so that a fault of one part or of two together shows in
//! these; the sample is there for everything else.

use super::condition::Choices;
use super::shape::Shape;
use crate::query::{DescribedQuery, Query};
use crate::report::diagnostic::Diagnostic;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The number of variants up to which all are checked.
// Six switches without an order still have all their variants checked; each costs one Parse and one
// analysis.
const ALL: usize = 64;

/// How many further ones are checked of more.
const SAMPLED: usize = 64;

/// A query that is one variant of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Its choices.
    pub choices: Choices,
    /// The index in the shape's parameters of each of its own.
    pub parameters: Vec<usize>,
    /// The variant for people; none for the statement as written.
    pub description: Option<String>,
}

impl Query {
    /// A diagnostic that says in which variant of the query it is.
    pub(in crate::query) fn in_variant(&self, diagnostic: Diagnostic) -> Diagnostic {
        let variant = self.variant.as_ref();
        match variant.and_then(|variant| variant.description.as_ref()) {
            None => diagnostic,
            Some(description) => diagnostic.note(format!("in the variant {description}")),
        }
    }

    /// This query as one of its variants.
    pub(in crate::query) fn as_variant(&self, shape: &Shape, choices: Choices) -> Self {
        let written = shape.write_variant(choices);
        let description = shape.describe_choices(choices);
        Self {
            parameters: written
                .parameters
                .iter()
                .map(|index| shape.parameters[*index].clone())
                .collect(),
            sql: written.sql,
            variant: Some(Variant {
                choices,
                parameters: written.parameters,
                description: (choices != shape.whole()).then_some(description),
            }),
            ..self.clone()
        }
    }
}

/// The other variants of all described queries. The text of each query, in which a `*` may have become columns, is that of its
/// pieces from here on.
pub fn add_variants(
    described: Vec<DescribedQuery>,
) -> (Vec<DescribedQuery>, Vec<Query>, Vec<Diagnostic>) {
    let (mut wholes, mut variants, mut diagnostics) = (Vec::new(), Vec::new(), Vec::new());
    for mut whole in described {
        let Some(shape) = whole.query.shape.clone() else {
            wholes.push(whole);
            continue;
        };
        let Some(shape) = shape.with_whole(&whole.query.sql) else {
            let message = "the columns in place of `*` cannot be told from the parts beside them";
            let span = whole.query.name_span.clone();
            let diagnostic = Diagnostic::error("star-columns", span, message);
            diagnostics.push(diagnostic.help("write the columns yourself"));
            continue;
        };
        let shape = Arc::new(shape);
        let base = Query {
            shape: None,
            ..whole.query.clone()
        };
        let chosen = choose_variants(&shape);
        variants.extend(
            chosen
                .into_iter()
                .map(|choices| base.as_variant(&shape, choices)),
        );
        whole.query.shape = Some(shape);
        wholes.push(whole);
    }
    (wholes, variants, diagnostics)
}

/// The variants that are checked besides the whole statement.
pub fn choose_variants(shape: &Shape) -> Vec<Choices> {
    let mut chosen = match count_choices(shape) {
        Some(count) if count <= ALL => all_variants(shape),
        _ => {
            let mut some = choose_pairs(shape);
            some.extend(sample(shape));
            some
        }
    };
    chosen.remove(&shape.whole());
    // An UPDATE without assignments is never sent, so Postgres need not accept it.
    chosen.retain(|choices| shape.required.holds(*choices));
    chosen.into_iter().collect()
}

/// How many variants can be sent, unless there are very many.
pub(crate) fn count_variants(shape: &Shape) -> Option<usize> {
    let count = count_choices(shape)?;
    if count > ALL {
        return Some(count);
    }
    let all = all_variants(shape);
    let sent = all.iter().filter(|choices| shape.required.holds(**choices));
    Some(sent.count())
}

/// How many ways there are to choose.
fn count_choices(shape: &Shape) -> Option<usize> {
    let switches = u32::try_from(shape.switches.len()).ok()?;
    let parts = 1_usize
        .checked_shl(switches)
        .filter(|_| switches < usize::BITS)?;
    let mut groups = shape.alternatives.iter();
    groups.try_fold(parts, |count, group| count.checked_mul(group.choices.len()))
}

fn all_variants(shape: &Shape) -> BTreeSet<Choices> {
    let mut all = BTreeSet::from([Choices::default()]);
    for (_, bit) in shape.switches.iter().zip(0u32..) {
        let on: Vec<Choices> = all.iter().map(|choices| choices.with(bit)).collect();
        all.extend(on);
    }
    for group in &shape.alternatives {
        let each = all
            .iter()
            .flat_map(|choices| group.bits().map(|bit| choices.with(bit)));
        all = each.collect();
    }
    all
}

/// None, each alone, each missing, every pair, and every alternative with none, with one and with all.
fn choose_pairs(shape: &Shape) -> BTreeSet<Choices> {
    let bits: Vec<u32> = shape
        .switches
        .iter()
        .zip(0u32..)
        .map(|(_, bit)| bit)
        .collect();
    let mut parts = BTreeSet::from([Choices::default()]);
    let all = bits
        .iter()
        .fold(Choices::default(), |all, bit| all.with(*bit));
    let mut alone = BTreeSet::from([Choices::default(), all]);
    for (index, bit) in bits.iter().enumerate() {
        let one = Choices::default().with(*bit);
        alone.insert(one);
        parts.insert(Choices(all.0 & !one.0));
        parts.extend(bits[index + 1..].iter().map(|other| one.with(*other)));
    }
    parts.extend(alone.iter().copied());
    let mut chosen: BTreeSet<Choices> = parts
        .into_iter()
        .map(|choices| with_alternatives(shape, choices, |group| group.first))
        .collect();
    for group in &shape.alternatives {
        for bit in group.bits() {
            let take = |other: &super::Alternatives| if other == group { bit } else { other.first };
            chosen.extend(
                alone
                    .iter()
                    .map(|choices| with_alternatives(shape, *choices, take)),
            );
            // Two groups may not go together, whatever each of them does alone.
            for other in shape.alternatives.iter().filter(|other| *other != group) {
                for second in other.bits() {
                    let take = |of: &super::Alternatives| {
                        if of == group {
                            bit
                        } else if of == other {
                            second
                        } else {
                            of.first
                        }
                    };
                    chosen.insert(with_alternatives(shape, Choices::default(), take));
                    chosen.insert(with_alternatives(shape, all, take));
                }
            }
        }
    }
    chosen
}

fn with_alternatives(
    shape: &Shape,
    choices: Choices,
    take: impl Fn(&super::Alternatives) -> u32,
) -> Choices {
    let groups = shape.alternatives.iter();
    groups.fold(choices, |choices, group| choices.with(take(group)))
}

/// The same choices in every run, because a check that differs from run to run is none.
fn sample(shape: &Shape) -> Vec<Choices> {
    // Any number but 0, from which xorshift never moves.
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let switches = u64::MAX.checked_shr(64 - u32::try_from(shape.switches.len()).unwrap_or(64));
    let sampled = (0..SAMPLED).map(|_| {
        let parts = Choices(random.next() & switches.unwrap_or(0));
        shape.alternatives.iter().fold(parts, |choices, group| {
            let bits: Vec<u32> = group.bits().collect();
            let count = u64::try_from(bits.len()).unwrap_or(1).max(1);
            let index = usize::try_from(random.next() % count).unwrap_or_default();
            bits.get(index).map_or(choices, |bit| choices.with(*bit))
        })
    });
    sampled.collect()
}

/// Marsaglia's xorshift.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}
