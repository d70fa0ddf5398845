//! When a piece of a statement is sent: any of some sets of choices, each of which has to be made in full.
//!
//! Given: the conditions of the parts around a piece, of the elements beside it. Gives: one condition in disjunctive normal
//! form, a list of bit masks. It has no negation, so that it can only ask for parts that are on.

use serde::{Deserialize, Serialize};

/// The choices that a variant is made of: a bit for each switch that is on, and one for each alternative that was taken.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Choices(pub u64);

impl Choices {
    /// These and the one with this bit.
    #[must_use]
    pub fn with(self, bit: u32) -> Self {
        Self(self.0 | 1 << bit)
    }

    /// Whether the one with this bit is among them.
    pub fn has(self, bit: u32) -> bool {
        self.0 & (1 << bit) != 0
    }
}

/// Any of these sets of choices.
///
/// Invariant: sorted, and no set includes another, so that equal conditions are equal values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Condition(Vec<u64>);

impl Condition {
    /// True of every variant.
    pub fn always() -> Self {
        Self(vec![0])
    }

    /// True of none.
    pub fn never() -> Self {
        Self(Vec::new())
    }

    /// True of the variants that have made this choice.
    pub fn of_bit(bit: u32) -> Self {
        Self(vec![1 << bit])
    }

    /// The sets, as bit masks.
    pub fn sets(&self) -> &[u64] {
        &self.0
    }

    /// Whether it is true of every variant.
    pub fn is_always(&self) -> bool {
        self.0.first() == Some(&0)
    }

    /// Whether it is true of this variant.
    pub fn holds(&self, choices: Choices) -> bool {
        self.0.iter().any(|set| choices.0 & set == *set)
    }

    /// Whether it is true only of variants that have made this choice.
    pub fn implies(&self, bit: u32) -> bool {
        self.0.iter().all(|set| set & (1 << bit) != 0)
    }

    /// True where both are.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let pairs = self.0.iter();
        // Distribution: each set of one with each of the other.
        Self::of_sets(pairs.flat_map(|a| other.0.iter().map(move |b| a | b)))
    }

    /// True where one of both is.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self::of_sets(self.0.iter().chain(&other.0).copied())
    }

    fn of_sets(sets: impl Iterator<Item = u64>) -> Self {
        let mut sets: Vec<u64> = sets.collect();
        // A set of fewer choices comes first, and makes those that include it superfluous.
        sets.sort_unstable_by_key(|set| (set.count_ones(), *set));
        let mut kept: Vec<u64> = Vec::new();
        for set in sets {
            if !kept.iter().any(|smaller| set & smaller == *smaller) {
                kept.push(set);
            }
        }
        kept.sort_unstable();
        Self(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::{Choices, Condition};

    #[test]
    fn a_condition_is_the_same_however_it_was_made() {
        let [a, b] = [0, 1].map(Condition::of_bit);
        assert_eq!(a.or(&b), b.or(&a));
        assert_eq!(
            a.or(&a.and(&b)),
            a,
            "a set that includes another says nothing"
        );
        assert_eq!(a.and(&Condition::always()), a);
        assert_eq!(a.or(&Condition::always()), Condition::always());
        assert_eq!(a.and(&Condition::never()), Condition::never());
        let both = a.and(&b);
        assert!(both.implies(0) && both.implies(1) && !a.or(&b).implies(0));
    }

    #[test]
    fn it_holds_where_one_set_of_choices_was_made() {
        let either = Condition::of_bit(0).or(&Condition::of_bit(2));
        assert!(either.holds(Choices::default().with(2)));
        assert!(!either.holds(Choices::default().with(1)));
        assert!(Condition::always().holds(Choices::default()));
        assert!(!Condition::never().holds(Choices(u64::MAX)));
    }
}
