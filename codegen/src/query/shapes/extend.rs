//! More alternatives of a shape: a group of choices, of which exactly one is made.

use super::parts::MOST_CHOICES;
use super::shape::{Alternatives, Shape};

impl Shape {
    /// Adds a group of alternatives, the default first; gives it, or none if there are too many choices.
    pub fn add_alternatives(&mut self, name: &str, choices: &[&str]) -> Option<&Alternatives> {
        let groups = self.alternatives.iter();
        // Bits are given in order and never reused, so the next is the number of all before it.
        let taken = groups.map(|group| group.choices.len()).sum::<usize>() + self.switches.len();
        if taken + choices.len() > MOST_CHOICES {
            return None;
        }
        self.alternatives.push(Alternatives {
            name: name.to_owned(),
            choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
            first: u32::try_from(taken).ok()?,
        });
        self.alternatives.last()
    }
}
