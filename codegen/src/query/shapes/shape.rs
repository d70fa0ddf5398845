//! A statement of which parts can be left out: the pieces of its text, each with the condition under which it is sent.
//!
//! Given: choices. Gives: the text of the variant, its parameters numbered from `$1`, and the map back to the query file.

use super::condition::{Choices, Condition};
use super::parts::PartSwitch;
use crate::query::parameter::Parameter;
use crate::query::wire_sql::WireSql;
use crate::report::source::Span;
use crate::sql::lexer::{TokenKind, words};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A statement with parts and orders.
///
/// A variant is told by its [`Choices`]: a bit for each switch that is on, then one for each alternative. `switches` have the
/// bits from 0; each group of `alternatives` has the bits of its range, of which exactly one is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// The switches; the bit of each is its index.
    pub switches: Vec<PartSwitch>,
    /// The orders, the default first; none if the query has a single one.
    pub orders: Vec<NamedOrder>,
    /// Groups of choices of which exactly one is made, the first by default.
    pub alternatives: Vec<Alternatives>,
    /// The text, piece by piece.
    pub segments: Vec<Segment>,
    /// Every parameter of any variant; `$1` of a segment's text is the first.
    pub parameters: Vec<Parameter>,
    /// When there is something to do: an UPDATE without an assignment is no statement.
    pub required: Condition,
}

/// The name of the group of alternatives that are orders.
pub(super) const ORDER: &str = "order";

/// Choices of which exactly one is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternatives {
    /// The noun for people: `order`.
    pub name: String,
    /// The names of the choices; the first is the default.
    pub choices: Vec<String>,
    /// The bit of the first.
    pub first: u32,
}

impl Alternatives {
    /// Their bits, the default first.
    pub fn bits(&self) -> Range<u32> {
        let count = u32::try_from(self.choices.len()).unwrap_or_default();
        self.first..self.first + count
    }
}

/// An order that the caller can choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedOrder {
    /// As written.
    pub name: String,
    /// The expressions, as written.
    pub sql: String,
    /// The comment that names it.
    pub span: Span,
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// With `$1` for the first of the shape's parameters.
    pub sql: WireSql,
    /// When it is sent.
    pub when: Condition,
    /// Where it begins in the file.
    pub source: usize,
    /// Whether it has expressions of the outermost ORDER BY; the index of the order, 0 where none is named.
    pub order: Option<usize>,
}

/// The text of one variant.
#[derive(Clone, Debug)]
pub struct VariantSql {
    /// The text, its parameters numbered without a gap.
    pub sql: WireSql,
    /// The index in [`Shape::parameters`] of each.
    pub parameters: Vec<usize>,
}

impl Shape {
    /// Every part, and the default of each alternative: the statement as it is written.
    pub fn whole(&self) -> Choices {
        let switches = u32::try_from(self.switches.len()).unwrap_or_default();
        self.with_defaults((0..switches).fold(Choices::default(), Choices::with))
    }

    /// Every part, in the order at this index.
    pub(crate) fn whole_in_order(&self, order: usize) -> Choices {
        let whole = self.whole();
        let group = self.alternatives.iter().find(|group| group.name == ORDER);
        let bit = group.and_then(|group| group.bits().nth(order));
        match (group, bit) {
            // `whole` has taken the default of the group, and exactly one bit of it may be set.
            (Some(group), Some(bit)) => Choices(whole.0 & !(1 << group.first)).with(bit),
            _ => whole,
        }
    }

    /// No part, and the default of each alternative.
    pub fn bare(&self) -> Choices {
        self.with_defaults(Choices::default())
    }

    /// The bit of the parts that a parameter switches, if it does.
    pub fn find_switch(&self, parameter: &Parameter) -> Option<u32> {
        let mut switches = self.switches.iter().zip(0u32..);
        let found = switches.find(|(switch, _)| {
            switch.is_parameter && parameter.name.as_ref() == Some(&switch.name)
        });
        found.map(|(_, bit)| bit)
    }

    fn with_defaults(&self, choices: Choices) -> Choices {
        let alternatives = self.alternatives.iter();
        alternatives.fold(choices, |choices, one| choices.with(one.first))
    }

    /// The index of the order of a variant; 0 if the query has a single one.
    pub(crate) fn order_of(&self, choices: Choices) -> usize {
        let group = self.alternatives.iter().find(|group| group.name == ORDER);
        let chosen = group.and_then(|group| group.bits().position(|bit| choices.has(bit)));
        chosen.unwrap_or(0)
    }

    /// The text of a variant. The parameters that it does not have leave no gap in its numbers, because Postgres cannot infer the
    /// type of a number that is not there.
    pub fn write_variant(&self, choices: Choices) -> VariantSql {
        let sent: Vec<&Segment> = self
            .segments
            .iter()
            .filter(|segment| segment.when.holds(choices))
            .collect();
        let mut parameters: Vec<usize> = sent
            .iter()
            .flat_map(|segment| find_parameters(&segment.sql.text))
            .map(|(_, index)| index)
            .collect();
        parameters.sort_unstable();
        parameters.dedup();
        let mut sql = WireSql::default();
        for segment in sent {
            let numbered = find_parameters(&segment.sql.text).filter_map(|(range, index)| {
                let place = parameters.binary_search(&index).ok()?;
                (place != index).then(|| (range, format!("${}", place + 1)))
            });
            let edits: Vec<_> = numbered.collect();
            sql.append(&segment.sql.with_edits(&edits));
        }
        VariantSql { sql, parameters }
    }

    /// The same shape with another text of the whole statement, such as one with columns in place of `*`; none if the pieces of
    /// that text cannot be distinguished.
    #[must_use]
    pub fn with_whole(&self, text: &WireSql) -> Option<Self> {
        let whole = self.whole();
        let mut changed = self.clone();
        let sent = (0..self.segments.len()).filter(|&at| self.segments[at].when.holds(whole));
        let sent: Vec<usize> = sent.collect();
        for (number, at) in sent.iter().enumerate() {
            let start = match number {
                0 => 0,
                _ => text.first_from(self.segments[*at].source),
            };
            let end = sent.get(number + 1).map_or(text.text.len(), |next| {
                text.first_from(self.segments[*next].source)
            });
            changed.segments[*at].sql = text.slice(start..end.max(start));
        }
        let written = changed.write_variant(whole).sql;
        // The proof that the text was cut at the right places: joined again, it has to be the same.
        (written.text == text.text).then_some(changed)
    }

    /// The variant for people: `without :domain`, `with imported alone, in order title`.
    pub fn describe_choices(&self, choices: Choices) -> String {
        let name = |switch: &PartSwitch| {
            let colon = if switch.is_parameter { ":" } else { "" };
            format!("`{colon}{}`", switch.name)
        };
        let bits = || self.switches.iter().zip(0u32..);
        let on: Vec<String> = bits()
            .filter(|(_, bit)| choices.has(*bit))
            .map(|(switch, _)| name(switch))
            .collect();
        let off: Vec<String> = bits()
            .filter(|(_, bit)| !choices.has(*bit))
            .map(|(switch, _)| name(switch))
            .collect();
        let parts = match (on.len(), off.len()) {
            (0, 0) => None,
            (_, 0) => Some("with every part".to_owned()),
            (0, _) => Some("without any part".to_owned()),
            // The shorter list names the variant.
            (on_count, off_count) if on_count < off_count => {
                Some(format!("with {} alone", join_names(&on)))
            }
            _ => Some(format!("without {}", join_names(&off))),
        };
        let taken = self.alternatives.iter().filter_map(|group| {
            let chosen = group.bits().find(|bit| choices.has(*bit))?;
            let index = usize::try_from(chosen - group.first).ok()?;
            let choice = group.choices.get(index).filter(|_| index > 0)?;
            Some(format!("{} `{choice}`", group.name))
        });
        let said: Vec<String> = parts.into_iter().chain(taken).collect();
        said.join(", ")
    }
}

/// `a`, `a and b`, `a, b and c`
fn join_names(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// The numbered parameters in a text, with the index of each.
pub(crate) fn find_parameters(text: &str) -> impl Iterator<Item = (Range<usize>, usize)> {
    words(text).into_iter().filter_map(|word| {
        let number = word
            .text
            .get(1..)
            .filter(|_| word.kind == TokenKind::Positional)?;
        let index = number.parse::<usize>().ok()?.checked_sub(1)?;
        Some((word.range, index))
    })
}
