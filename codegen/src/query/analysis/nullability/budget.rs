//! How much work the proof of one column may be. Each column has a budget of its own, so that one
//! that is too complicated changes nothing of another.

use super::NullVerdict;
use std::cell::Cell;

/// How many expressions are looked at before a column counts as too complicated.
// Far beyond hand-written SQL. Views over views double the work with
// each level, which is where the limit matters.
const MAX_STEPS: usize = 200_000;

/// How deep expressions and the queries behind them may nest, so that the stack suffices.
// The analysis runs on a thread whose stack is sized for this depth.
const MAX_DEPTH: usize = 10_000;

/// The used part of the budget, in a query and in the functions that it calls.
#[derive(Debug, Default)]
pub(super) struct Budget {
    steps: Cell<usize>,
    depth: Cell<usize>,
    /// Whether something of this column was left unproved for that.
    spent: Cell<bool>,
    /// The same for any column.
    ever_spent: Cell<bool>,
}

impl Budget {
    /// Begins with the next column.
    pub(super) fn start(&self) {
        self.steps.set(0);
        self.spent.set(false);
    }

    /// Does a step of a proof, if there is still work allowed.
    pub(super) fn within(&self, step: impl FnOnce() -> NullVerdict) -> NullVerdict {
        self.steps.set(self.steps.get() + 1);
        // Running out is always sound: the answer is "may be NULL", never a guess.
        if self.steps.get() > MAX_STEPS || self.depth.get() > MAX_DEPTH {
            self.spent.set(true);
            self.ever_spent.set(true);
            return NullVerdict::maybe("no proof: the query is too complicated");
        }
        self.depth.set(self.depth.get() + 1);
        let verdict = step();
        self.depth.set(self.depth.get() - 1);
        verdict
    }

    pub(super) fn is_spent(&self) -> bool {
        self.spent.get()
    }

    pub(super) fn was_spent(&self) -> bool {
        self.ever_spent.get()
    }
}
